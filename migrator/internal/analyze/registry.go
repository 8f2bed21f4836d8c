package analyze

import "slices"

// Rules are all health rules, in the order of the documentation.
func Rules() []Rule {
	return slices.Concat(indexRules(), constraintRules(), vacuumRules(), usageRules(), queryRules(), serverRules(), styleRules())
}
