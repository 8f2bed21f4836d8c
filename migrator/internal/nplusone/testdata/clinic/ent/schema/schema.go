// Package schema is the clinic for ent.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

func table(name string) []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: name}}
}

func named(more ...ent.Field) []ent.Field {
	return append([]ent.Field{field.Int("id"), field.String("name")}, more...)
}

// Department may be within another.
type Department struct{ ent.Schema }

func (Department) Annotations() []schema.Annotation { return table("departments") }
func (Department) Fields() []ent.Field              { return named(field.Int("parent_id").Optional().Nillable()) }
func (Department) Edges() []ent.Edge {
	return []ent.Edge{edge.To("children", Department.Type).From("parent").Field("parent_id").Unique(), edge.To("doctors", Doctor.Type)}
}

// Doctor is in a department and has skills.
type Doctor struct{ ent.Schema }

func (Doctor) Annotations() []schema.Annotation { return table("doctors") }
func (Doctor) Fields() []ent.Field              { return named(field.Int("department_id")) }
func (Doctor) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("department", Department.Type).Ref("doctors").Field("department_id").Required().Unique(),
		edge.To("appointments", Appointment.Type),
		edge.To("skills", Skill.Type).StorageKey(edge.Table("doctor_skills"), edge.Columns("doctor_id", "skill_id")),
	}
}

// Skill is of many doctors.
type Skill struct{ ent.Schema }

func (Skill) Annotations() []schema.Annotation { return table("skills") }
func (Skill) Fields() []ent.Field              { return named() }
func (Skill) Edges() []ent.Edge                { return []ent.Edge{edge.From("doctors", Doctor.Type).Ref("skills")} }

// Patient has appointments.
type Patient struct{ ent.Schema }

func (Patient) Annotations() []schema.Annotation { return table("patients") }
func (Patient) Fields() []ent.Field              { return named(field.String("number")) }
func (Patient) Edges() []ent.Edge                { return []ent.Edge{edge.To("appointments", Appointment.Type)} }

// Appointment is a patient's with a doctor.
type Appointment struct{ ent.Schema }

func (Appointment) Annotations() []schema.Annotation { return table("appointments") }
func (Appointment) Fields() []ent.Field {
	return []ent.Field{field.Int("id"), field.Int("doctor_id"), field.Int("patient_id")}
}
func (Appointment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("doctor", Doctor.Type).Ref("appointments").Field("doctor_id").Required().Unique(),
		edge.From("patient", Patient.Type).Ref("appointments").Field("patient_id").Required().Unique(),
		edge.To("invoices", Invoice.Type),
	}
}

// Note is about something: ent knows no edge for that.
type Note struct{ ent.Schema }

func (Note) Annotations() []schema.Annotation { return table("notes") }
func (Note) Fields() []ent.Field {
	return []ent.Field{field.Int("id"), field.String("subject_type"), field.Int("subject_id"), field.String("body")}
}

// Invoice is of an appointment.
type Invoice struct{ ent.Schema }

func (Invoice) Annotations() []schema.Annotation { return table("invoices") }
func (Invoice) Fields() []ent.Field {
	return []ent.Field{field.Int("id"), field.Int("appointment_id"), field.Bool("void")}
}
func (Invoice) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("appointment", Appointment.Type).Ref("invoices").Field("appointment_id").Required().Unique(),
		edge.To("lines", Line.Type),
	}
}

// Line is one of an invoice.
type Line struct{ ent.Schema }

func (Line) Annotations() []schema.Annotation { return table("invoice_lines") }
func (Line) Fields() []ent.Field {
	return []ent.Field{field.Int("id"), field.Int("invoice_id"), field.Int("amount")}
}
func (Line) Edges() []ent.Edge {
	return []ent.Edge{edge.From("invoice", Invoice.Type).Ref("lines").Field("invoice_id").Required().Unique()}
}

// Room has devices.
type Room struct{ ent.Schema }

func (Room) Annotations() []schema.Annotation { return table("rooms") }
func (Room) Fields() []ent.Field              { return named() }

// Device is in a room.
type Device struct{ ent.Schema }

func (Device) Annotations() []schema.Annotation { return table("devices") }
func (Device) Fields() []ent.Field              { return named(field.Int("room_id")) }

// Insurer has tariffs.
type Insurer struct{ ent.Schema }

func (Insurer) Annotations() []schema.Annotation { return table("insurers") }
func (Insurer) Fields() []ent.Field              { return named() }

// Tariff is an insurer's.
type Tariff struct{ ent.Schema }

func (Tariff) Annotations() []schema.Annotation { return table("tariffs") }
func (Tariff) Fields() []ent.Field              { return named(field.Int("insurer_id")) }
