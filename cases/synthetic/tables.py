"""Names and columns of the ten court tables, in the order of the real headers."""

from cases.synthetic.pools import words

TABLES: dict[str, tuple[str, ...]] = {
    "A_TblCase": words(
        "IDNCASE ALIEN_CITY ALIEN_STATE ALIEN_ZIPCODE UPDATED_ZIPCODE UPDATED_CITY NAT LANG CUSTODY"
        " SITE_TYPE E_28_DATE ATTY_NBR CASE_TYPE UPDATE_SITE LATEST_HEARING LATEST_TIME"
        " LATEST_CAL_TYPE UP_BOND_DATE UP_BOND_RSN CORRECTIONAL_FAC RELEASE_MONTH RELEASE_YEAR"
        " INMATE_HOUSING DATE_OF_ENTRY C_ASY_TYPE C_BIRTHDATE C_RELEASE_DATE UPDATED_STATE"
        " ADDRESS_CHANGEDON ZBOND_MRG_FLAG Sex DATE_DETAINED DATE_RELEASED LPR DETENTION_DATE"
        " DETENTION_LOCATION DCO_LOCATION DETENTION_FACILITY_TYPE CASEPRIORITY_CODE"
    ),
    "B_TblProceeding": words(
        "IDNPROCEEDING IDNCASE OSC_DATE INPUT_DATE BASE_CITY_CODE HEARING_LOC_CODE IJ_CODE"
        " TRANS_IN_DATE PREV_HEARING_LOC PREV_HEARING_BASE PREV_IJ_CODE TRANS_NBR HEARING_DATE"
        " HEARING_TIME DEC_TYPE DEC_CODE DEPORTED_1 DEPORTED_2 OTHER_COMP APPEAL_RSVD"
        " APPEAL_NOT_FILED COMP_DATE ABSENTIA VENUE_CHG_GRANTED TRANSFER_TO DATE_APPEAL_DUE_STATUS"
        " TRANSFER_STATUS CUSTODY CASE_TYPE NAT LANG SCHEDULED_HEAR_LOC CORRECTIONAL_FAC CRIM_IND"
        " IHP AGGRAVATE_FELON DATE_DETAINED DATE_RELEASED"
    ),
    "B_TblProceedCharges": words("IDNPRCDCHG IDNCASE IDNPROCEEDING CHARGE CHG_STATUS"),
    "tbl_Court_Appln": words(
        "IDNPROCEEDINGAPPLN IDNPROCEEDING IDNCASE APPL_CODE APPL_RECD_DATE APPL_DEC"
    ),
    "tbl_Court_Motions": words(
        "IDNMOTION IDNPROCEEDING IDNCASE OSC_DATE REC_TYPE GENERATION SUB_GENERATION UPDATE_DATE"
        " UPDATE_TIME INPUT_DATE INPUT_TIME REJ_Remove BASE_CITY_CODE HEARING_LOC_CODE IJ_CODE"
        " IJ_NAME_Remove DEC COMP_DATE MOTION_RECD_DATE DATMOTIONDUE WU_MSG_Remove APPEAL_RSVD"
        " APPEAL_NOT_FILED RESP_DUE_DATE STAY_GRANT JURISDICTION DATE_APPEAL_DUE DATE_TO_BIA"
        " DECISION_RENDERED_Remove DATE_MAILED_TO_IJ DATE_RECD_FROM_BIA DATE_TO_BIA_UPDATE_Remove"
        " STRFILINGPARTY STRFILINGMETHOD STRCERTOFSERVICECODE E_28_RECPTFLAG_Remove E_28_DATE"
        " O_CLOCK_OPTION SCHEDULED_HEAR_LOC_Remove BLNDELETED_Remove strDJScenario"
    ),
    "tbl_schedule": words(
        "IDNSCHEDULE IDNPROCEEDING IDNCASE OSC_DATE GENERATION SUB_GENERATION REC_TYPE LANG"
        " HEARING_LOC_CODE BASE_CITY_CODE IJ_CODE INTERPRETER_CODE INPUT_DATE INPUT_TIME"
        " UPDATE_DATE UPDATE_TIME ASSIGNMENT_PATH CAL_TYPE ADJ_DATE ADJ_TIME_START ADJ_TIME_STOP"
        " ADJ_RSN ADJ_MEDIUM ADJ_MSG ADJ_ELAP_DAYS LNGSESSNID SCHEDULE_TYPE NOTICE_CODE"
        " BLNCLOCKOVERRIDE EOIRAttorneyID"
    ),
    "tbl_RepsAssigned": words(
        "IDNREPSASSIGNED IDNCASE STRATTYLEVEL STRATTYTYPE PARENT_TABLE PARENT_IDN BASE_CITY_CODE"
        " INS_TA_DATE_ASSIGNED E_27_DATE E_28_DATE BLNPRIMEATTY"
    ),
    "tbl_CustodyHistory": words("IDNCUSTODY IDNCASE CUSTODY DATDETAINED DATRELEASED"),
    "tbl_Lead_Rider": words(
        "idnLeadRider idnLeadCase idnRiderCase datCreatedOn datModifiedOn datSeveredOn"
        " idnLeadProceedingStart idnLeadProceedingEnd idnRiderProceedingStart"
        " idnRiderProceedingEnd blnActive"
    ),
    "tblAppeal": words(
        "idnAppeal idncase idnProceeding strAppealCategory strAppealType datAppealFiled strFiledBy"
        " datAttorneyE27 datBIADecision strBIADecision strBIADecisionType strCaseType strLang"
        " strNat strProceedingIHP strCustody strProbono"
    ),
}

ROWS_PER_CASE = {
    "A_TblCase": 1,
    "B_TblProceeding": 10,
    "B_TblProceedCharges": 20,
    "tbl_Court_Appln": 20,
    "tbl_Court_Motions": 40,
    "tbl_schedule": 60,
    "tbl_RepsAssigned": 40,
    "tbl_CustodyHistory": 4,
    "tbl_Lead_Rider": 4,
    "tblAppeal": 10,
}
"""More rows than the cases of one block can have, on average: keeps the ids of blocks apart."""

FIRST_ID = {
    "A_TblCase": 2_000_000,
    "B_TblProceeding": 30_000_000,
    "B_TblProceedCharges": 100_000_000,
    "tbl_Court_Appln": 200_000_000,
    "tbl_Court_Motions": 300_000_000,
    "tbl_schedule": 500_000_000,
    "tbl_RepsAssigned": 750_000_000,
    "tbl_CustodyHistory": 900_000_000,
    "tbl_Lead_Rider": 950_000_000,
    "tblAppeal": 970_000_000,
}
