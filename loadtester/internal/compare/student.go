package compare

import "math"

// student is the quantile p (above 0.5) of Student's t with df degrees of
// freedom: Cornish and Fisher's expansion around the normal quantile, which is
// within 1 % from 4 degrees on; below that the value for 4 would be too small,
// so fewer are refused by the caller.
func student(p, df float64) float64 {
	z := math.Sqrt2 * math.Erfinv(2*p-1)
	z2 := z * z
	g1 := z * (z2 + 1) / 4
	g2 := z * (5*z2*z2 + 16*z2 + 3) / 96
	g3 := z * (3*z2*z2*z2 + 19*z2*z2 + 17*z2 - 15) / 384
	g4 := z * (79*z2*z2*z2*z2 + 776*z2*z2*z2 + 1482*z2*z2 - 1920*z2 - 945) / 92160
	return z + g1/df + g2/(df*df) + g3/(df*df*df) + g4/(df*df*df*df)
}
