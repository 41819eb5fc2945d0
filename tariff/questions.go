package tariff

// The open questions. Their order is of no account; Questions sorts by name.
const (
	questionElementLookup question = iota
	questionTimeVolume
	questionTimeFallback
	questionStepScope
	questionStepTimeParking
	questionStepParkingInMiddle
	questionStepVolume
	questionStepExactMultiple
	questionStepZero
	questionStepDirection
	questionStepSeveralTariffs
	questionStepLastPeriod
	questionFlatFrequency
	questionLimitsSeveralTariffs
	questionLimitsReservationOnly
	questionLimitsWithoutRate
	questionVATAbsent
	questionMidPeriodChange
	questionDurationMeasure
	questionDurationOrigin
	questionPowerUnknown
	questionPowerUnit
	questionReservationExpired
	questionReservationOther
	questionReservationFlat
	questionReservationStep
	questionWeekdayWindow
	questionWeekdayZone
	questionRestrictionZone
	questionEndTime2359
	questionDateWindow
	questionTariffID
	questionPeriodWithoutTariff
	questionTariffWindowEnd
	questionDuplicateComponent
	questionHourSnap
	questionTaxIncludedMissing
	questionCount
)

// The choices of each question, the recommended first.
const (
	lookupPerDimension choice = iota
	lookupWholeElement
)

const (
	timeCharging choice = iota
	timeWallClock
)

const (
	fallbackNone choice = iota
	fallbackPeriodLength
)

const (
	stepPerSession choice = iota
	stepPerPeriod
	stepPerComponent
)

const (
	stepParkingOnly choice = iota
	stepCombined
)

const (
	middleParking choice = iota
	middleLast
)

const (
	stepPriced choice = iota
	stepAllVolume
)

const (
	multipleKept choice = iota
	multipleNext
)

const (
	stepZeroNone choice = iota
	stepZeroOne
)

const (
	stepUp choice = iota
	stepDown
)

const (
	tariffsLast choice = iota
	tariffsEach
	tariffsSpanning
)

const (
	lastWithVolume choice = iota
	lastPresent
)

const (
	flatOnce choice = iota
	flatEachComponent
	flatLast
)

const (
	limitsFirst choice = iota
	limitsEach
)

const (
	limitsApply choice = iota
	limitsSkip
)

const (
	limitsGross choice = iota
	limitsAny
)

const (
	vatNone choice = iota
	vatFromCDR
	vatUnknown
)

const (
	changeAsDeclared choice = iota
	changeSplit
)

const (
	durationSession choice = iota
	durationDimension
)

const (
	originCharging choice = iota
	originCDR
	originFirstPeriod
)

const (
	powerHolds choice = iota
	powerFails
)

const (
	powerKW choice = iota
	powerAmpere
)

const (
	expiredInferred choice = iota
	expiredYes
	expiredNo
)

const (
	otherNo choice = iota
	otherYes
)

const (
	expiredFlatFirst choice = iota
	expiredFlatBoth
)

const (
	reservationStepSeparate choice = iota
	reservationStepCombined
)

const (
	weekdayInstant choice = iota
	weekdayWindowStart
)

const (
	zoneLocal choice = iota
	zoneUTC
)

const (
	endStrict choice = iota
	endOfDay
)

const (
	windowDaily choice = iota
	windowJoined
)

const (
	tariffIDHonoured choice = iota
	tariffIDIgnored
)

const (
	withoutAtStart choice = iota
	withoutAtPeriod
	withoutUnpriced
)

const (
	windowEndExclusive choice = iota
	windowEndInclusive
)

const (
	duplicateFirst choice = iota
	duplicateLast
)

const (
	snapYes choice = iota
	snapNo
)

const (
	missingNo choice = iota
	missingYes
)

// entry is a question of the register.
type entry struct {
	name, title, clause, debate string
	choices                     []Choice
	answered                    answered
}

// answered is for which versions the text settles a question.
type answered uint8

const (
	answeredNever answered = iota
	answeredLater          // by 2.2 and all after it
	answeredAlways
)
