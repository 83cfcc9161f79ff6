package prefetch

import "testing"

func TestHintsAboutAnyAddressDoNoHarm(t *testing.T) {
	type large struct{ b [1000]byte }
	var none *large
	Object(none)
	Line(none)
	some := &large{}
	some.b[999] = 7
	Object(some)
	Line(&some.b[999])
	if some.b[999] != 7 {
		t.Error("a hint changed something")
	}
	if n := testing.AllocsPerRun(10, func() { Object(some) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
