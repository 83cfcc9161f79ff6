package client

import (
	"testing"
)

func TestOffersGoOutOneAtATime(t *testing.T) {
	var n negotiation
	if !n.want() || n.id != 1 {
		t.Fatalf("first offer: %+v", n)
	}
	if n.want() || n.want() {
		t.Fatal("a second offer before the answer")
	}
	if usable, _ := n.answered(7); usable {
		t.Fatal("took an answer to nothing")
	}
	if usable, again := n.answered(1); !usable || !again {
		t.Fatal("forgot that something changed")
	}
	if !n.want() || n.id != 2 {
		t.Fatalf("second offer: %+v", n)
	}
	if usable, again := n.answered(0); !usable || again {
		t.Fatal("an answer of a server that does not count")
	}
}
