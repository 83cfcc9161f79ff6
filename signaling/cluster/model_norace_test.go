//go:build !race

package cluster

// modelRuns is how often the checks of -rapid.checks are made, side by side.
const modelRuns = 10
