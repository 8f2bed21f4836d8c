package plan

import "github.com/seniorbackend/tools/migrator/internal/catalog"

// kindRanks is the order in which people expect kinds, where no dependency
// asks for another: what others stand on first. Functions come after tables,
// because their bodies name tables without PostgreSQL knowing of it.
var kindRanks = [...]catalog.Kind{
	catalog.KindSchema, catalog.KindExtension, catalog.KindLanguage, catalog.KindCollation, catalog.KindType, catalog.KindAttribute,
	catalog.KindDomain, catalog.KindDomainConstraint, catalog.KindForeignWrapper, catalog.KindServer, catalog.KindUserMapping,
	catalog.KindSequence, catalog.KindTable, catalog.KindForeignTable, catalog.KindColumn, catalog.KindDefault, catalog.KindConstraint,
	catalog.KindIndex, catalog.KindStatistics,
	catalog.KindAccessMethod, catalog.KindConversion, catalog.KindTextSearchParser, catalog.KindTextSearchTmpl, catalog.KindTextSearchDict,
	catalog.KindTextSearchConfig, catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate, catalog.KindOperator, catalog.KindOperatorFamily, catalog.KindOperatorClass,
	catalog.KindCast, catalog.KindTransform, catalog.KindView,
	catalog.KindMaterializedView, catalog.KindRule, catalog.KindTrigger, catalog.KindPolicy, catalog.KindPublication,
	catalog.KindPublicationSchema, catalog.KindPublicationTable, catalog.KindSubscription, catalog.KindEventTrigger, catalog.KindSystemGrants, catalog.KindDefaultPrivileges,
}

func kindRank(k catalog.Kind) int {
	for i, known := range kindRanks {
		if k == known {
			return i
		}
	}
	return len(kindRanks)
}

func rankOf(k catalog.Kind, ph phase, st step) int {
	n := len(kindRanks) + 1
	switch {
	case k == catalog.KindDefaultPrivileges:
		return 6 * n // those of the old database hold while the plan runs
	case st.late:
		return 5*n + kindRank(k)
	case ph == phaseDetach:
		return 0
	case ph == phaseDrop:
		return n - kindRank(k)
	case ph == phaseAttach, ph == phaseOwn, ph == phaseRestore, ph == phaseFill:
		return 2 * n
	case ph == phaseFinish:
		return 4 * n
	}
	return n + kindRank(k)
}
