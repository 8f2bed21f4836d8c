package main

import (
	"context"
	"database/sql"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"traffic/ent"
	"traffic/ent/appointment"
	"traffic/ent/department"
	"traffic/ent/device"
	"traffic/ent/doctor"
	"traffic/ent/invoice"
	"traffic/ent/line"
	"traffic/ent/note"
	"traffic/ent/patient"
	"traffic/ent/room"
	"traffic/ent/tariff"
)

// entEach does something for each row of a list.
func entEach[T any](list func(context.Context, page) ([]T, error), f func(context.Context, T) error) func(context.Context, page) error {
	return func(ctx context.Context, p page) error {
		all, err := list(ctx, p)
		for _, row := range all {
			if err == nil && f != nil {
				err = f(ctx, row)
			}
		}
		return err
	}
}

func entClinic(url string) (shop, error) {
	pool, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(5)
	pool.SetMaxIdleConns(5)
	db := ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, pool)))
	doctors := func(ctx context.Context, p page) ([]*ent.Doctor, error) {
		return db.Doctor.Query().Order(doctor.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
	}
	departments := func(ctx context.Context, p page) ([]*ent.Department, error) {
		return db.Department.Query().Order(department.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
	}
	appointments := func(ctx context.Context, p page) ([]*ent.Appointment, error) {
		return db.Appointment.Query().Order(appointment.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
	}
	invoices := func(ctx context.Context, p page) ([]*ent.Invoice, error) {
		return db.Invoice.Query().Order(invoice.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
	}
	return shop{
		"doctorsWithDepartment": entEach(doctors, func(ctx context.Context, d *ent.Doctor) error { _, err := d.QueryDepartment().First(ctx); return err }),
		"doctorsWithAppointmentCount": entEach(doctors, func(ctx context.Context, d *ent.Doctor) error {
			_, err := d.QueryAppointments().Count(ctx)
			return err
		}),
		"departmentsWithChildren": entEach(departments, func(ctx context.Context, d *ent.Department) error { _, err := d.QueryChildren().All(ctx); return err }),
		"appointmentsWithNotes": entEach(appointments, func(ctx context.Context, a *ent.Appointment) error {
			_, err := db.Note.Query().Where(note.SubjectType("appointment"), note.SubjectID(a.ID)).All(ctx)
			return err
		}),
		"doctorsWithSkills": entEach(doctors, func(ctx context.Context, d *ent.Doctor) error { _, err := d.QuerySkills().All(ctx); return err }),
		"invoicesWithLines": entEach(invoices, func(ctx context.Context, i *ent.Invoice) error {
			_, err := i.QueryLines().Order(line.ByAmount(entsql.OrderDesc())).Limit(2).All(ctx)
			return err
		}),
		"appointmentsWithPatient": entEach(appointments, func(ctx context.Context, a *ent.Appointment) error {
			_, err := db.Patient.Query().Where(patient.IDIn(a.PatientID)).All(ctx)
			return err
		}),
		"appointmentsWithInvoices": entEach(appointments, func(ctx context.Context, a *ent.Appointment) error {
			_, err := db.Invoice.Query().Where(func(s *entsql.Selector) { s.Where(entsql.ExprP("1 = 1")) }, invoice.AppointmentID(a.ID), invoice.Void(false)).All(ctx)
			return err
		}),
		"doctorsEager": func(ctx context.Context, p page) error {
			_, err := db.Doctor.Query().WithDepartment().WithSkills().Order(doctor.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"invoicesEager": func(ctx context.Context, p page) error {
			_, err := db.Invoice.Query().WithLines().Order(invoice.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"appointmentsJoined": func(ctx context.Context, p page) error {
			_, err := db.Appointment.Query().WithPatient().WithDoctor().Order(appointment.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"rooms": func(ctx context.Context, p page) error {
			_, err := db.Room.Query().Order(room.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"tariffs": func(ctx context.Context, p page) error {
			_, err := db.Tariff.Query().Order(tariff.ByID()).Limit(p.limit).Offset(p.offset).All(ctx)
			return err
		},
		"devicesOfRoom": func(ctx context.Context, p page) error {
			_, err := db.Device.Query().Where(device.RoomID(p.id)).All(ctx)
			return err
		},
		"insurer": func(ctx context.Context, p page) error { _, err := db.Insurer.Get(ctx, p.id); return err },
	}, nil
}
