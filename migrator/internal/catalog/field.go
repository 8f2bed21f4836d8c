package catalog

import (
	"slices"
	"strings"
)

// Field is a property in which two objects of one identity can differ. Most are the
// fields of an object's Detail, by their names: a test holds that each of those is
// here, and nothing else is. They are numbers, so that a word which is none does not
// compile.
type Field int

// The properties.
const (
	FieldNone Field = iota // the object as a whole
	FieldAccessMethod
	FieldAllTables
	FieldArguments
	FieldBinary
	FieldBound
	FieldCanonical
	FieldCheck
	FieldClone
	FieldClustered
	FieldCollate
	FieldCollation
	FieldColumns
	FieldCommand
	FieldComment
	FieldCompression
	FieldConnection
	FieldCreate
	FieldCtype
	FieldDefault
	FieldDefaults
	FieldDefinition
	FieldDependencies
	FieldDeterministic
	FieldDiff
	FieldEnabled
	FieldEvent
	FieldExpr
	FieldForceRowSecurity
	FieldForeignOptions
	FieldFunction
	FieldGenerated
	FieldGrants
	FieldHandler
	FieldIdentity
	FieldIndexComment
	FieldIndexOptions
	FieldInheritance
	FieldInherited
	FieldInherits
	FieldInline
	FieldKind
	FieldLabels
	FieldLocal
	FieldLocale
	FieldMultirange
	FieldNotNull
	FieldNotNullComment
	FieldNotNullName
	FieldNotNullNoInherit
	FieldNotNullNotValid
	FieldOfType
	FieldOpclass
	FieldOptions
	FieldIndexOrder
	FieldTextOrder
	FieldOwnedBy
	FieldOwner
	FieldParent
	FieldParentIndex
	FieldPartitionKey
	FieldPermissive
	FieldPersistence
	FieldPopulated
	FieldPosition
	FieldProvider
	FieldPublications
	FieldPublish
	FieldReplicaIdentity
	FieldReplicaIndex
	FieldRole
	FieldRoles
	FieldRowSecurity
	FieldRules
	FieldSchema
	FieldSequence
	FieldSequenceGrants
	FieldSequenceName
	FieldServer
	FieldSignature
	FieldSlot
	FieldStatsTarget
	FieldStatsTargets
	FieldStorage
	FieldStreaming
	FieldSubtype
	FieldSyncCommit
	FieldTable
	FieldTablespace
	FieldTags
	FieldTarget
	FieldToastOptions
	FieldTrusted
	FieldType
	FieldUsing
	FieldValid
	FieldValidator
	FieldValidators
	FieldValue
	FieldVersion
	FieldViaRoot
	FieldWhere
	FieldWrapper
)

// fieldNames are the properties as people read them.
var fieldNames = [...]string{
	FieldAccessMethod:     "access method",
	FieldAllTables:        "all tables",
	FieldArguments:        "arguments",
	FieldBinary:           "binary",
	FieldBound:            "bound",
	FieldCanonical:        "canonical",
	FieldCheck:            "check",
	FieldClone:            "clone",
	FieldClustered:        "clustered",
	FieldCollate:          "collate",
	FieldCollation:        "collation",
	FieldColumns:          "columns",
	FieldCommand:          "command",
	FieldComment:          "comment",
	FieldCompression:      "compression",
	FieldConnection:       "connection",
	FieldCreate:           "create",
	FieldCtype:            "ctype",
	FieldDefault:          "default",
	FieldDefaults:         "defaults",
	FieldDefinition:       "definition",
	FieldDependencies:     "dependencies",
	FieldDeterministic:    "deterministic",
	FieldDiff:             "diff",
	FieldEnabled:          "enabled",
	FieldEvent:            "event",
	FieldExpr:             "expr",
	FieldForceRowSecurity: "force row security",
	FieldForeignOptions:   "foreign options",
	FieldFunction:         "function",
	FieldGenerated:        "generated",
	FieldGrants:           "grants",
	FieldHandler:          "handler",
	FieldIdentity:         "identity",
	FieldIndexComment:     "index comment",
	FieldIndexOptions:     "index options",
	FieldInheritance:      "inheritance",
	FieldInherited:        "inherited",
	FieldInherits:         "inherits",
	FieldInline:           "inline",
	FieldKind:             "kind",
	FieldLabels:           "labels",
	FieldLocal:            "local",
	FieldLocale:           "locale",
	FieldMultirange:       "multirange",
	FieldNotNull:          "not null",
	FieldNotNullComment:   "not null comment",
	FieldNotNullName:      "not null name",
	FieldNotNullNoInherit: "not null no inherit",
	FieldNotNullNotValid:  "not null not valid",
	FieldOfType:           "of type",
	FieldOpclass:          "opclass",
	FieldOptions:          "options",
	FieldIndexOrder:       "order of like indexes",
	FieldTextOrder:        "order of texts in its bounds",
	FieldOwnedBy:          "owned by",
	FieldOwner:            "owner",
	FieldParent:           "parent",
	FieldParentIndex:      "parent index",
	FieldPartitionKey:     "partition key",
	FieldPermissive:       "permissive",
	FieldPersistence:      "persistence",
	FieldPopulated:        "populated",
	FieldPosition:         "position",
	FieldProvider:         "provider",
	FieldPublications:     "publications",
	FieldPublish:          "publish",
	FieldReplicaIdentity:  "replica identity",
	FieldReplicaIndex:     "replica index",
	FieldRole:             "role",
	FieldRoles:            "roles",
	FieldRowSecurity:      "row security",
	FieldRules:            "rules",
	FieldSchema:           "schema",
	FieldSequence:         "sequence",
	FieldSequenceGrants:   "sequence grants",
	FieldSequenceName:     "sequence name",
	FieldServer:           "server",
	FieldSignature:        "signature",
	FieldSlot:             "slot",
	FieldStatsTarget:      "stats target",
	FieldStatsTargets:     "stats targets",
	FieldStorage:          "storage",
	FieldStreaming:        "streaming",
	FieldSubtype:          "subtype",
	FieldSyncCommit:       "sync commit",
	FieldTable:            "table",
	FieldTablespace:       "tablespace",
	FieldTags:             "tags",
	FieldTarget:           "target",
	FieldToastOptions:     "toast options",
	FieldTrusted:          "trusted",
	FieldType:             "type",
	FieldUsing:            "using",
	FieldValid:            "valid",
	FieldValidator:        "validator",
	FieldValidators:       "validators",
	FieldValue:            "value",
	FieldVersion:          "version",
	FieldViaRoot:          "via root",
	FieldWhere:            "where",
	FieldWrapper:          "wrapper",
}

// String is the property in words: "replica identity".
func (f Field) String() string { return fieldNames[f] }

// fieldNamed is the property that a field of a Detail stands for. A test holds that
// each has one.
func fieldNamed(goName string) Field {
	return Field(max(0, slices.Index(fieldNames[:], snake(goName))))
}

// snake turns a field's name into words: "ReplicaIdentity" -> "replica identity".
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte(' ')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
