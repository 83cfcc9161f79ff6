// Package system reads what the machine tells of itself and of processes: CPU and memory (proc(5)), the processor's
// and the kernel's names, and a server's Prometheus metrics. It keeps nothing and decides nothing; the caller takes
// the differences. Elsewhere than on Linux it knows less and says so by errors or empty names.
package system
