"""What the codes of the court files mean, in our own words; one `code meaning` per entry."""


def _table(text: str) -> dict[str, str]:
    """Read `code meaning; code meaning`; an underscore in a code stands for a blank."""
    entries = (entry.strip().split(" ", 1) for entry in text.replace("\n", " ").split(";"))
    return {entry[0].replace("_", " "): entry[1] for entry in entries}


CASE_TYPES = _table("""
AOC Asylum only; CDR Review of continued detention; CFR Review of a credible fear finding;
CSR Review of a claim to status; DCC Departure control; DDC Appeal from a district director;
DEP Deportation; EXC Exclusion; NAC Adjustment under NACARA; REC Rescission;
RFR Reasonable fear; RMV Removal; WHO Withholding only
""")
CUSTODY = {"D": "Detained", "N": "Never detained", "R": "Released"}
APPLICATIONS = _table("""
ASYL Asylum; ASYW Withholding under the Act; WCAT Withholding under the Convention against Torture;
42A Cancellation, permanent residents; 42B Cancellation, others; 245 Adjustment of status;
VD Voluntary departure; 202 Adjustment under NACARA; I881 Suspension or cancellation under NACARA;
SUSP Suspension of deportation; 212c Waiver, former section; 212h Waiver of criminal grounds;
212i Waiver of fraud; 212a Waiver of unlawful presence; 212d Waiver for a nonimmigrant;
212g Medical waiver; 212k Waiver of a visa defect; 212L Waiver of a document ground;
2129 Waiver after an earlier violation; 209c Waiver for a refugee; 216 Removal of conditions;
237H Waiver of misrepresentation at admission; 241a Waiver after a pardon;
241f Waiver of fraud, former section; 249 Registry; A HRIFA; B HRIFA, parole; BCA HRIFA, child;
BSP HRIFA, spouse; BUA HRIFA, unmarried child; CI HRIFA, child without parents;
CII HRIFA, orphan; CIII HRIFA, abandoned child; CPC Coercive population control;
d11 Waiver for smuggling; PRMF Prima facie; UNK Not known; WAIV Other waiver; WD Withdrawal;
WDL Withdrawal of the request for admission
""")
APPLICATION_DECISIONS = _table("""
A Abandoned; C Granted conditionally; D Denied; F Granted in full; G Granted;
I Granted by stipulation in court; L Withholding under the Convention granted;
M Not adjudicated; N Not decided; O Other; P Granted by stipulation on paper; R Reserved;
S Administratively closed; T Moved to another court; W Withdrawn
""")
MOTIONS = _table("""
AC Administrative closure; AN Correct an A-number; BB Custody; BD New bond; C Recalendar;
CA Abeyance; CC Correct the record; CD Change the docket type; CL Calendar; CO Continuance;
CS Consolidate; CT Sever; CV Change of venue; EH Earlier hearing; ET More time to file;
FD Reconsider; FW Fee waiver; IC Incompetence; IM Set a merits hearing; IP Hearing in person;
LI Language of interpreter; MA Reopen an order in absentia; MC Reopen for changed conditions;
MD Accept a late document; MN Amend the name; MU Not listed; O Reopen; OT Other;
PA Decide on the record; PC Pre-trial conference; PM Pretermit; PO Protective order;
PS Status docket; RC Recuse; RD Rescind; RP Reconsider before decision; RS Off the status docket;
SA Set aside; SB Later bond; SC Substitute counsel; SG Competency safeguards; SP Suppress;
SO Stipulated order; SR Stipulated removal; SY Stay of removal; TA Appear by telephone;
TP Terminate; TV Appear by video; U Dismiss; VD Voluntary departure; VO Vacate an order;
WA Withdraw a charge; WC Withdraw as counsel; WV Waive appearance; XH Expedite
""")
CALENDARS = _table("""
* Not worked; A Attorney discipline; B Bond; C Custody; I Individual; M Master;
N Naturalization; R Reasonable cause; S Special circumstance; T Teleconference; V Video
""")
ADJOURNMENTS = _table("""
01 Respondent seeks counsel; 02 Respondent prepares; 03 DHS prepares; 04 DHS file missing;
05 To file for asylum; 06 To file for other relief; 07 Application in process;
09 Not brought from custody; 10 Notice at fault; 11 No-show, other; 12 Respondent's request;
13 Time ran out; 14 Operational reasons; 16 Released from custody; 17 Master to merits;
18 No interpreter; 19 Judge away, unplanned; 22 Earlier date refused; 24 DHS records or prints late;
25 Priority case; 30 Consolidation; 32 Interpreter not ordered; 34 Judge on leave;
36 Respondent's records or prints late; 37 DHS investigates; 38 Illness; 41 Higher priority case;
45 Joint request; 46 Video failed; 47 New charge by DHS; 51 Charges contested; 54 Citizenship claim;
55 Advanced by the court; 59 Court closed; 62 Competency inquiry; 64 Judge reassigned;
74 Public health; 8A Completed before the hearing; 8B Completed at the hearing; 96 Severed;
97 Joined; 99 Entry error; 9A Docket management, later; 9B Docket management, earlier;
9C Off calendar; CB Cancellation application; DD Decision delayed; MR Motion awaits answer;
PD Prosecutorial discretion considered; RR Decision reserved
""")
PRIORITIES = {
    "AWC/ATD": "Adults with children, monitored",
    "AWC/D": "Adults with children, detained",
    "CR": "Custody review",
    "N/A": "None",
    "RBC/D": "Recent crossers, detained",
    "UC": "Unaccompanied children",
}
LANGUAGES = _table("""
SP Spanish; ENG English; CRE Creole; POR Portuguese; MAN Mandarin; PUN Punjabi; RUS Russian;
TU Turkish; UZB Uzbek; FUL Fulani; WLF Wolof; POU Pulaar; FR French; TWI Twi; AMH Amharic;
TIG Tigrigna; AR Arabic; FAE Dari; NEP Nepali; BEN Bengali; UR Urdu; SIN Sinhalese; TAG Tagalog;
VIE Vietnamese; IND Indonesian; SOM Somali; GEO Georgian; ARM Armenian; UK Ukrainian; KYG Kyrgyz;
IFA Persian; BAM Bambara; MKE Malinke; KRI Krio; BUR Burmese; ALB Albanian; ROM Romanian;
POL Polish; MON Mongolian; KOR Korean; MAM Mam; QUI Quiche; KEK Kekchi; KON Konjobal; IXL Ixil;
MIX Mixteco; ZAP Zapoteco; NAH Nahuatl; QUG Quichua; FOO Foochow; CAN Cantonese; HIN Hindi;
GUJ Gujarati; CAB Garifuna; CHE Chechen; UNK Not known; ??? Not known
""")
CHARGES = _table("""
212a02 Criminal grounds; 212a02Ai__I Crime involving moral turpitude;
212a02Ai__II Controlled substance; 212a02B Several convictions; 212a02Ci Drug trafficking;
212a03Ai__I Espionage or sabotage; 212a03Bi__I Terrorist activity;
212a03Bi__V Member of a terrorist organization; 212a03Ei Persecution; 212a03Eii Genocide;
212a03Eiii Torture or extrajudicial killing; 212a04A Public charge;
212a06Ai Present without admission; 212a06B Absent from a removal hearing; 212a06Ci Fraud;
212a06Cii_I False claim to citizenship; 212a06D Stowaway; 212a06Ei Smuggling;
212a07Ai__I No immigrant visa; 212a07Ai__II Visa issued in error; 212a07Bi__I No passport;
212a07Bi__II No nonimmigrant visa; 212a09Ai Removed before, arriving; 212a09Aii Removed before;
212a09Bi__I Unlawful presence; 237a01A Inadmissible at entry; 237a01B Present in violation;
237a01Ci Status not kept; 237a01Di Conditional residence ended; 237a01Ei Smuggling;
237a01Gi Marriage fraud; 237a02Ai Crime involving moral turpitude;
237a02Aii Two crimes involving moral turpitude; 237a02Aiii Aggravated felony;
237a02Bi Controlled substance; 237a02Bii Drug abuse; 237a02C Firearms;
237a02Ei Domestic violence or child abuse; 237a02Eii Protection order violated;
237a03Bii Failure to register; 237a03D False claim to citizenship; 237a04Ai Espionage;
237a04Aii Endangers public safety; 237a04B Terrorist activity; 237a04D Persecution or torture;
241a01B Entry without inspection; 241a02Aiii Aggravated felony, former section
""")
BIA_DECISIONS = _table("""
ADM Administratively closed; APD Administratively closed, DHS discretion; BCR Background checks;
DIS Dismissed; DMO Moot; DUT Untimely; REJ Rejected; REM Remanded; SAF Summarily affirmed;
SED No brief; SUS Sustained; TER Terminated; TPD Terminated, DHS discretion; WDL Withdrawn;
WPD Withdrawn, DHS discretion
""")
