package udp

import (
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// A peer is what belongs to one of our ufrags.
type peer struct {
	ufrag   string
	handler atomic.Pointer[Handler] // Nil until Attach.
	conns   [2]*conn                // By address family; guarded by registry.mu.
}

// registry are the peers by ufrag.
type registry struct {
	byUfrag map[string]*peer // Guarded by mu, with peer.conns and conn.refs.
	closed  bool
	spare   sync.Pool // Of *parcel.
	mu      sync.RWMutex
}

func (r *registry) init() { r.byUfrag = make(map[string]*peer) }

func (r *registry) len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.byUfrag)
}

// peer returns the peer of ufrag, made when missing; the caller holds mu.
func (r *registry) peer(ufrag string) *peer {
	p := r.byUfrag[ufrag]
	if p == nil {
		p = &peer{ufrag: ufrag}
		r.byUfrag[ufrag] = p
	}
	return p
}

func (r *registry) attach(ufrag string, h Handler) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.peer(ufrag).handler.Store(&h)
	}
}

// get returns one more reference to the connection of ufrag in family.
func (r *registry) get(e *Endpoint, ufrag string, family int) (net.PacketConn, error) {
	via := e.shards[0].via[family]
	if via == nil {
		return nil, fmt.Errorf("get udp connection: %w", ErrNoSocket)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, fmt.Errorf("get udp connection: %w", io.ErrClosedPipe)
	}
	p := r.peer(ufrag)
	if p.conns[family] == nil {
		p.conns[family] = newConn(e, p, via)
	}
	p.conns[family].refs++
	return newConnRef(p.conns[family]), nil
}

// find returns the connection of ufrag in family, nil if there is none.
func (r *registry) find(ufrag []byte, family int) *conn {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if p := r.byUfrag[string(ufrag)]; p != nil {
		return p.conns[family]
	}
	return nil
}

// release gives a reference to c back and tells whether it was the last one of a
// connection that is still here; the caller then drops it.
func (r *registry) release(c *conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.refs--
	p := c.peer
	for family, mine := range p.conns {
		if mine == c && c.refs == 0 {
			p.conns[family] = nil
			if p.conns == [2]*conn{} && p.handler.Load() == nil && r.byUfrag[p.ufrag] == p {
				delete(r.byUfrag, p.ufrag)
			}
			return true
		}
	}
	return false
}

// remove forgets ufrag and returns its connections; the caller drops them.
func (r *registry) remove(ufrag string) []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.byUfrag[ufrag]
	if p == nil {
		return nil
	}
	delete(r.byUfrag, ufrag)
	return p.takeConns()
}

// closeAll forgets all peers for good and returns their connections.
func (r *registry) closeAll() []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	var all []*conn
	for _, p := range r.byUfrag {
		all = append(all, p.takeConns()...)
	}
	clear(r.byUfrag)
	return all
}

func (p *peer) takeConns() []*conn {
	var list []*conn
	for family, c := range p.conns {
		if c != nil {
			list = append(list, c)
			p.conns[family] = nil
		}
	}
	return list
}
