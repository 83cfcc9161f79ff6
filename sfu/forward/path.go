package forward

// Out is a batch of packets on their way out. The goroutine that brought the burst owns it. It is an alias of an
// unnamed interface so that a Path in another package can have the same method signatures without importing this one.
type Out = interface {
	Reserve(n int) []byte
	Flush()
}

// A Path leads to one peer: it knows its address and its keys.
type Path interface {
	// Reserve returns n bytes of out's memory with room behind them for what sealing adds.
	// They are valid until the next call with the same out.
	Reserve(out Out, n int) []byte
	// SendRTP seals pkt, a slice of what Reserve returned, in place and appends it to out.
	// index is the roll-over counter and the sequence number (RFC 3711): counter<<16 | number.
	SendRTP(out Out, pkt []byte, headerSize int, index uint64)
	// SendRTCP does the same with a compound packet.
	SendRTCP(out Out, pkt []byte)
	// Warm brings what SendRTP needs into the processor's cache, in WarmSteps steps from 0 on: each asks for what the one before it
	// made known, so call them with some work in between. It has no other effect.
	Warm(step int)
}

// WarmSteps is how many steps Path.Warm has.
const WarmSteps = 3
