package nack

// maxSpare is how many chunks a store keeps that nobody needs at the moment.
const maxSpare = 32

// Chunks is a store of pieces of memory of one size, for the Histories that share it: what a stream needs no more when its rate falls,
// another takes. One goroutine at a time.
type Chunks struct {
	size  int // bytes
	spare [][]byte
}

// NewChunks returns a store of chunks of size bytes, at most 64 KiB: the largest packet that is kept.
func NewChunks(size int) *Chunks { return &Chunks{size: min(size, 1<<16-1)} }

func (c *Chunks) take() []byte {
	last := len(c.spare) - 1
	if last < 0 {
		return make([]byte, 0, c.size)
	}
	b := c.spare[last]
	c.spare[last] = nil
	c.spare = c.spare[:last]
	return b
}

func (c *Chunks) put(b []byte) {
	if len(c.spare) < maxSpare {
		c.spare = append(c.spare, b[:0])
	}
}
