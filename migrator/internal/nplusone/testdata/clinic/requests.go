package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	_ "github.com/lib/pq"
)

var mappers = map[string]func(string) (shop, error){"gorm": gormClinic, "bun": bunClinic, "ent": entClinic}

// weights say how often each kind of request comes: eight that loop, three that load
// eagerly, and four that have nothing to do with each other but a ratio near one.
var weights = []struct {
	name   string
	weight float64
}{
	{"doctorsWithDepartment", 1.2}, {"doctorsWithAppointmentCount", 1.2}, {"departmentsWithChildren", 1.2}, {"appointmentsWithNotes", 1.2},
	{"doctorsWithSkills", 1.2}, {"invoicesWithLines", 1.2}, {"appointmentsWithPatient", 1.2}, {"appointmentsWithInvoices", 1.2},
	{"doctorsEager", 1.5}, {"invoicesEager", 1.5}, {"appointmentsJoined", 1.5},
	{"rooms", 1}, {"devicesOfRoom", 10}, {"tariffs", 1}, {"insurer", 10},
}

// beside is what else the database is asked: a health check that is chatty, a job every
// second, and an import that looks up a patient for each row of a file and writes it.
func beside(url string) (stop func(), err error) {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(3)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	every := func(pause time.Duration, do func() error) {
		running.Go(func() {
			for tick := time.NewTicker(pause); ; {
				select {
				case <-ctx.Done():
					tick.Stop()
					return
				case <-tick.C:
				}
				if err := do(); err != nil {
					fail(err)
				}
			}
		})
	}
	one := func(query string, args ...any) (n int, err error) {
		return n, db.QueryRow(query, args...).Scan(&n)
	}
	every(50*time.Millisecond, func() error {
		for _, q := range []string{"SELECT 1", "SELECT id FROM departments WHERE id = 1", "SELECT count(*) FROM rooms"} {
			if _, err := one(q); err != nil {
				return err
			}
		}
		return nil
	})
	every(time.Second, func() error { return remind(db) })
	every(4*time.Second, func() error {
		for range 20 + rand.IntN(40) {
			id, err := one("SELECT id FROM patients WHERE number = $1", fmt.Sprint("P", 1+rand.IntN(2000)))
			if err != nil {
				return err
			}
			if _, err := db.Exec("INSERT INTO results (patient_id, value) VALUES ($1, $2)", id, rand.IntN(100)); err != nil {
				return err
			}
		}
		return nil
	})
	return func() { cancel(); running.Wait(); db.Close() }, nil
}

// remind takes a batch of appointments and writes each.
func remind(db *sql.DB) error {
	rows, err := db.Query("SELECT id FROM appointments WHERE NOT reminded ORDER BY id LIMIT 15")
	if err != nil {
		return err
	}
	defer rows.Close()
	var ids []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return err
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		if _, err := db.Exec("UPDATE appointments SET reminded = true WHERE id = $1", id); err != nil {
			return err
		}
	}
	return rows.Err()
}
