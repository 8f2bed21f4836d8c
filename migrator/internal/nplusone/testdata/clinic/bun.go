package main

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

type bunDepartment struct {
	bun.BaseModel `bun:"table:departments,alias:d"`
	ID            int `bun:",pk"`
	ParentID      *int
	Name          string
}
type bunDoctor struct {
	bun.BaseModel `bun:"table:doctors"`
	ID            int `bun:",pk"`
	DepartmentID  int
	Name          string
	Department    *bunDepartment `bun:"rel:belongs-to,join:department_id=id"`
	Skills        []bunSkill     `bun:"m2m:doctor_skills,join:Doctor=Skill"`
}
type bunDoctorSkill struct {
	bun.BaseModel `bun:"table:doctor_skills"`
	DoctorID      int        `bun:",pk"`
	SkillID       int        `bun:",pk"`
	Doctor        *bunDoctor `bun:"rel:belongs-to,join:doctor_id=id"`
	Skill         *bunSkill  `bun:"rel:belongs-to,join:skill_id=id"`
}
type bunPatient struct {
	bun.BaseModel `bun:"table:patients"`
	ID            int `bun:",pk"`
	Number, Name  string
}
type bunAppointment struct {
	bun.BaseModel `bun:"table:appointments"`
	ID            int `bun:",pk"`
	DoctorID      int
	PatientID     int
	Patient       *bunPatient `bun:"rel:belongs-to,join:patient_id=id"`
	Doctor        *bunDoctor  `bun:"rel:belongs-to,join:doctor_id=id"`
}
type bunNote struct {
	bun.BaseModel `bun:"table:notes"`
	ID            int `bun:",pk"`
	SubjectType   string
	SubjectID     int
	Body          string
}
type bunSkill struct {
	bun.BaseModel `bun:"table:skills"`
	ID            int `bun:",pk"`
	Name          string
}
type bunInvoice struct {
	bun.BaseModel `bun:"table:invoices"`
	ID            int `bun:",pk"`
	AppointmentID int
	Void          bool
	Lines         []bunLine `bun:"rel:has-many,join:id=invoice_id"`
}
type bunLine struct {
	bun.BaseModel `bun:"table:invoice_lines"`
	ID            int `bun:",pk"`
	InvoiceID     int
	Amount        int
}
type bunRoom struct {
	bun.BaseModel `bun:"table:rooms"`
	ID            int `bun:",pk"`
	Name          string
}
type bunDevice struct {
	bun.BaseModel `bun:"table:devices"`
	ID            int `bun:",pk"`
	RoomID        int
	Name          string
}
type bunInsurer struct {
	bun.BaseModel `bun:"table:insurers"`
	ID            int `bun:",pk"`
	Name          string
}
type bunTariff struct {
	bun.BaseModel `bun:"table:tariffs"`
	ID            int `bun:",pk"`
	InsurerID     int
	Name          string
}

// bunEach lists rows of a page, with relations, and does something for each.
func bunEach[T any](db *bun.DB, f func(context.Context, T) error, relations ...string) func(context.Context, page) error {
	return func(ctx context.Context, p page) error {
		var all []T
		q := db.NewSelect().Model(&all).OrderExpr("?TableAlias.id").Limit(int64(p.limit)).Offset(int64(p.offset))
		for _, r := range relations {
			q = q.Relation(r)
		}
		err := q.Scan(ctx)
		for _, row := range all {
			if err == nil && f != nil {
				err = f(ctx, row)
			}
		}
		return err
	}
}

func bunClinic(url string) (shop, error) {
	pool, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(5)
	pool.SetMaxIdleConns(5)
	db := bun.NewDB(pool, pgdialect.New())
	db.RegisterModel((*bunDoctorSkill)(nil))
	return shop{
		"doctorsWithDepartment": bunEach(db, func(ctx context.Context, d bunDoctor) error {
			return db.NewSelect().Model(&bunDepartment{}).Where("id = ?", d.DepartmentID).Limit(1).Scan(ctx)
		}),
		"doctorsWithAppointmentCount": bunEach(db, func(ctx context.Context, d bunDoctor) error {
			var n int
			sub := db.NewSelect().Model((*bunAppointment)(nil)).Column("id").Where("doctor_id = ?", d.ID)
			return db.NewSelect().ColumnExpr("count(*)").TableExpr("(?) AS x", sub).Scan(ctx, &n)
		}),
		"departmentsWithChildren": bunEach(db, func(ctx context.Context, d bunDepartment) error {
			return db.NewSelect().Model(&[]bunDepartment{}).Where("parent_id = ?", d.ID).Scan(ctx)
		}),
		"appointmentsWithNotes": bunEach(db, func(ctx context.Context, a bunAppointment) error {
			return db.NewSelect().Model(&[]bunNote{}).Where("subject_type = ?", "appointment").Where("subject_id = ?", a.ID).Scan(ctx)
		}),
		"doctorsWithSkills": bunEach(db, func(ctx context.Context, d bunDoctor) error {
			return db.NewSelect().Model(&[]bunSkill{}).Join("JOIN doctor_skills AS ds ON ds.skill_id = bun_skill.id").Where("ds.doctor_id = ?", d.ID).Scan(ctx)
		}),
		"invoicesWithLines": bunEach(db, func(ctx context.Context, i bunInvoice) error {
			return db.NewSelect().Model(&[]bunLine{}).Where("invoice_id = ?", i.ID).Order("amount DESC").Limit(2).Scan(ctx)
		}),
		"appointmentsWithPatient": bunEach(db, func(ctx context.Context, a bunAppointment) error {
			return db.NewSelect().Model(&[]bunPatient{}).Where("id IN (?)", bun.In([]int{a.PatientID})).Scan(ctx)
		}),
		"appointmentsWithInvoices": bunEach(db, func(ctx context.Context, a bunAppointment) error {
			return db.NewSelect().Model(&[]bunInvoice{}).Where("1 = 1").Where("appointment_id = ?", a.ID).Where("NOT void").Scan(ctx)
		}),
		"doctorsEager":       bunEach[bunDoctor](db, nil, "Department", "Skills"),
		"invoicesEager":      bunEach[bunInvoice](db, nil, "Lines"),
		"appointmentsJoined": bunEach[bunAppointment](db, nil, "Patient", "Doctor"),
		"rooms":              bunEach[bunRoom](db, nil),
		"tariffs":            bunEach[bunTariff](db, nil),
		"devicesOfRoom": func(ctx context.Context, p page) error {
			return db.NewSelect().Model(&[]bunDevice{}).Where("room_id = ?", p.id).Scan(ctx)
		},
		"insurer": func(ctx context.Context, p page) error {
			return db.NewSelect().Model(&bunInsurer{ID: p.id}).WherePK().Scan(ctx)
		},
	}, nil
}
