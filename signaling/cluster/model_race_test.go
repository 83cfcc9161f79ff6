//go:build race

package cluster

// modelRuns is how often the checks of -rapid.checks are made, side by side: once where all takes ten times as long.
const modelRuns = 1
