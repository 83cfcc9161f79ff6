// Package disk makes what was written survive a power cut where syncing the file is not enough: its name lives in the
// folder. It knows nothing of what the files hold.
package disk

import (
	"errors"
	"fmt"
	"os"
)

// SyncFolder returns when the names in the folder at path, new ones and those taken away, are on the disk (fsync(2) of the
// folder).
func SyncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
