package clubapi

import (
	"fmt"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// PasswordCost is the work of one argon2id hash (RFC 9106). The zero value is the
// default: 19 MiB, two passes, one lane (the OWASP password storage cheat sheet's
// first choice). A stored hash carries its own cost.
type PasswordCost struct {
	MemoryKiB  uint32 `yaml:"memory_kib"`
	Iterations uint32 `yaml:"iterations"`
}

const (
	defaultMemoryKiB  = 19 * 1024
	defaultIterations = 2
	saltLength        = 16
	keyLength         = 32
)

// HashPassword returns the encoded argon2id hash of the password with a random salt.
func HashPassword(password string, cost PasswordCost) (string, error) {
	if cost.MemoryKiB == 0 {
		cost.MemoryKiB = defaultMemoryKiB
	}
	if cost.Iterations == 0 {
		cost.Iterations = defaultIterations
	}
	hash, err := argon2id.CreateHash(norm.NFC.String(password), &argon2id.Params{
		Memory: cost.MemoryKiB, Iterations: cost.Iterations, Parallelism: 1, SaltLength: saltLength, KeyLength: keyLength,
	})
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// VerifyPassword reports whether the password is the one that was hashed. It takes as
// long for a wrong password as for the right one.
func VerifyPassword(password, hash string) (bool, error) {
	ok, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
	if err != nil {
		return false, fmt.Errorf("verify password: %w", err)
	}
	return ok, nil
}
