package udp

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// maxProven is how many addresses a connection can hold; the one proved longest
// ago goes for the newest.
const maxProven = 16

// A proof is the reason to believe that an address belongs to a peer.
type proof int

const (
	// answered: our agent answered a check from there. The check carried the right
	// password, but its source address may be forged.
	answered proof = iota
	// replied: a reply to a check of ours came from there, so whoever is there got
	// our random transaction id.
	replied
)

// routes are the proven addresses. Readers look them up without a lock; a claim
// copies the table.
type routes struct {
	table atomic.Pointer[map[Dest]*conn]
	mu    sync.Mutex // Guards changes of table, and conn.proven.
}

// proven are the addresses of a connection, the one proved last at the end.
type proven struct {
	list []Dest
	gone bool
}

func (r *routes) init() { r.table.Store(&map[Dest]*conn{}) }

// of returns whose address d is, nil if nobody proved it.
func (r *routes) of(d *Dest) *conn { return (*r.table.Load())[*d] }

// claim gives d to c if the proof is good enough, and tells whether c has it. An
// address that another live peer holds is given away only on a reply: anyone can
// name or forge another's address, but not answer from it.
func (r *routes) claim(d Dest, c *conn, why proof) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.proven.gone {
		return false
	}
	table := *r.table.Load()
	holder := table[d]
	if holder == c {
		c.proven.touch(d)
		return true
	}
	if holder != nil && holder.peer != c.peer && why != replied {
		return false
	}
	table = maps.Clone(table)
	if holder != nil {
		holder.proven.remove(d)
	}
	if len(c.proven.list) == maxProven {
		delete(table, c.proven.list[0])
		c.proven.remove(c.proven.list[0])
	}
	c.proven.list = append(c.proven.list, d)
	table[d] = c
	r.table.Store(&table)
	return true
}

// forget drops all addresses of c, for good.
func (r *routes) forget(c *conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(c.proven.list) > 0 {
		table := maps.Clone(*r.table.Load())
		for _, d := range c.proven.list {
			delete(table, d)
		}
		r.table.Store(&table)
	}
	c.proven = proven{gone: true}
}

func (p *proven) remove(d Dest) {
	if i := slices.Index(p.list, d); i >= 0 {
		p.list = slices.Delete(p.list, i, i+1)
	}
}

// touch makes d the address proved last.
func (p *proven) touch(d Dest) {
	if p.list[len(p.list)-1] != d {
		p.remove(d)
		p.list = append(p.list, d)
	}
}
