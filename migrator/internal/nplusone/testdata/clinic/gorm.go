package main

import (
	"context"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

type gormDepartment struct {
	ID       int
	ParentID *int
	Name     string
	Children []gormDepartment `gorm:"foreignKey:ParentID"`
}
type gormDoctor struct {
	ID, DepartmentID int
	Name             string
	Department       gormDepartment `gorm:"foreignKey:DepartmentID"`
	Skills           []gormSkill    `gorm:"many2many:doctor_skills;joinForeignKey:doctor_id;joinReferences:skill_id"`
}
type gormPatient struct {
	ID           int
	Number, Name string
}
type gormAppointment struct {
	ID, DoctorID, PatientID int
	Patient                 gormPatient   `gorm:"foreignKey:PatientID"`
	Doctor                  gormDoctor    `gorm:"foreignKey:DoctorID"`
	Notes                   []gormNote    `gorm:"polymorphic:Subject;polymorphicValue:appointment"`
	Invoices                []gormInvoice `gorm:"foreignKey:AppointmentID"`
}
type gormNote struct {
	ID          int
	SubjectType string
	SubjectID   int
	Body        string
}
type gormSkill struct {
	ID   int
	Name string
}
type gormInvoice struct {
	ID, AppointmentID int
	Void              bool
	Lines             []gormLine `gorm:"foreignKey:InvoiceID"`
}
type gormLine struct{ ID, InvoiceID, Amount int }
type gormRoom struct {
	ID   int
	Name string
}
type gormDevice struct {
	ID, RoomID int
	Name       string
}
type gormInsurer struct {
	ID   int
	Name string
}
type gormTariff struct {
	ID, InsurerID int
	Name          string
}

func (gormDepartment) TableName() string  { return "departments" }
func (gormDoctor) TableName() string      { return "doctors" }
func (gormPatient) TableName() string     { return "patients" }
func (gormAppointment) TableName() string { return "appointments" }
func (gormNote) TableName() string        { return "notes" }
func (gormSkill) TableName() string       { return "skills" }
func (gormInvoice) TableName() string     { return "invoices" }
func (gormLine) TableName() string        { return "invoice_lines" }
func (gormRoom) TableName() string        { return "rooms" }
func (gormDevice) TableName() string      { return "devices" }
func (gormInsurer) TableName() string     { return "insurers" }
func (gormTariff) TableName() string      { return "tariffs" }

// gormEach lists rows of a page and does something for each.
func gormEach[T any](db *gorm.DB, f func(*gorm.DB, *T) error) func(context.Context, page) error {
	return func(ctx context.Context, p page) error {
		var all []T
		err := db.WithContext(ctx).Order("id").Limit(p.limit).Offset(p.offset).Find(&all).Error
		for i := range all {
			if err == nil && f != nil {
				err = f(db.WithContext(ctx), &all[i])
			}
		}
		return err
	}
}

func gormClinic(url string) (shop, error) {
	db, err := gorm.Open(postgres.Open(url), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(5)
	pool.SetMaxIdleConns(5)
	return shop{
		"doctorsWithDepartment": gormEach(db, func(db *gorm.DB, d *gormDoctor) error { return db.Take(&d.Department, "id = ?", d.DepartmentID).Error }),
		"doctorsWithAppointmentCount": gormEach(db, func(db *gorm.DB, d *gormDoctor) error {
			var n int64
			return db.Table("(?) AS a", db.Model(&gormAppointment{}).Select("id").Where("doctor_id = ?", d.ID)).Count(&n).Error
		}),
		"departmentsWithChildren": gormEach(db, func(db *gorm.DB, d *gormDepartment) error {
			return db.Model(d).Association("Children").Find(&d.Children)
		}),
		"appointmentsWithNotes": gormEach(db, func(db *gorm.DB, a *gormAppointment) error { return db.Model(a).Association("Notes").Find(&a.Notes) }),
		"doctorsWithSkills":     gormEach(db, func(db *gorm.DB, d *gormDoctor) error { return db.Model(d).Association("Skills").Find(&d.Skills) }),
		"invoicesWithLines": gormEach(db, func(db *gorm.DB, i *gormInvoice) error {
			return db.Order("amount DESC").Limit(2).Find(&i.Lines, "invoice_id = ?", i.ID).Error
		}),
		"appointmentsWithPatient": gormEach(db, func(db *gorm.DB, a *gormAppointment) error { return db.Find(&a.Patient, []int{a.PatientID}).Error }),
		"appointmentsWithInvoices": gormEach(db, func(db *gorm.DB, a *gormAppointment) error {
			return db.Where("1 = 1").Where("appointment_id = ? AND NOT void", a.ID).Find(&a.Invoices).Error
		}),
		"doctorsEager":  gormEach[gormDoctor](db.Preload("Department").Preload("Skills").Session(&gorm.Session{}), nil),
		"invoicesEager": gormEach[gormInvoice](db.Preload("Lines").Session(&gorm.Session{}), nil),
		"appointmentsJoined": func(ctx context.Context, p page) error {
			var all []gormAppointment
			return db.WithContext(ctx).Joins("Patient").Joins("Doctor").Order("appointments.id").Limit(p.limit).Offset(p.offset).Find(&all).Error
		},
		"rooms":   gormEach[gormRoom](db, nil),
		"tariffs": gormEach[gormTariff](db, nil),
		"devicesOfRoom": func(ctx context.Context, p page) error {
			return db.WithContext(ctx).Find(&[]gormDevice{}, "room_id = ?", p.id).Error
		},
		"insurer": func(ctx context.Context, p page) error { return db.WithContext(ctx).First(&gormInsurer{}, p.id).Error },
	}, nil
}
