"""EOIR's codes of nationality and of courts, as our own tables."""

from __future__ import annotations

# 79 of EOIR's codes are another country's ISO code: ES is El Salvador, CH China, NG Niger. So no
# code is taken for ISO unless it stands here.
_SAME = """
AF AL AM AO AR AZ BB BE BR BT BV CA CM CO CU CV CY DJ EC EG ER ET FI FJ FM FO FR GH GI GL GP GR GT
GY HK HM HU ID IN IO IR IT JM JO KE KG KZ LA LU LV LY MD ML MR MS MT MV MX MY MZ NC NF NL NO NP NR
NZ PE PK PL QA RE RO RS RU RW SA SH SL SM SO SY TH TV TW TZ UG US UY UZ VC VE WS YE
"""
# EOIR's two letters, then those of ISO 3166-1. Some countries stand here twice, under a former name
# or by an oversight: IV and IY, HL, MH, DM, UV, BS, CB, PI, SK, GZ, KO, GC, CG.
_DIFFERENT = """
ABAW ACAG AGDZ ANAD ASAU AUAT AVAI BABH BCBW BDBM BFBS BGBD BHBZ BIBA BLBO BMMM BNBJ BOBF BPSB BSBY
BUBG BXBN BYBI BZBY CBKH CCKH CDTD CELK CFCG CGCD CHCN CICL CJKY CKCC CNKM CQMP CRCZ CSCR CTCF CWCK
CXHR DADK DCCD DMBJ DODM DRDO EIIE EKGQ EOEE ESSV FAFK FGGF FPPF FSTF GAGM GBGA GCDE GEDE GJGD GOGE
GVGN GZPS HAHT HLNL HOHN ICIS ISIL IVCI IYCI IZIQ JAJP KNKP KOFM KRKI KSKR KTCX KUKW KVXK LELB LHLT
LILR LSLI LTLS MAMG MBMQ MCMO MGMN MHMS MIMW MJME MMMK MNMC MOMA MPMU MQUM MUOM NENU NGNE NHVU NING
NSSR NUNI PAPY PCPN PIPW PMPA PNPS POPT PPPG PSPW PUGW RMMH RPPH RQPR SBPM SCKN SESC SFZA SGSN SKKN
SNSG SPES SRSK STLC SUSD SVSI SWSE SZCH TATJ TCAE TDTT TKTC TLTK TMTL TNTO TOTG TPST TRTM TSTN TUTR
UEUA UKGB UVBF VIVG VMVN WANA WIEH WZSZ XSSS ZAZM ZIZW
"""
NO_COUNTRY = {
    "<A>": "all, a control value",
    "??": "unknown",
    "UN": "unknown",
    "IU": "unknown, ordered in absentia",
    "ND": "not designated by the judge",
    "XX": "be removed from the United States",
    "NN": "no nationality",
    "SS": "stateless",
    "BW": "British West Indies, a region",
    "FW": "French West Indies, a region",
    "NQ": "Trust Territory of the Pacific Islands",
    "PF": "Paracel Islands, disputed",
}
# States with several successors: which of them is not ours to say. With their code in ISO 3166-3.
DISSOLVED = {"CZ": "CSHH", "NA": "ANHH", "UR": "SUHH", "YO": "YUCS", "YS": "CSXX"}

ISO_OF_NATIONALITY = {code: code for code in _SAME.split()} | {
    pair[:2]: pair[2:] for pair in _DIFFERENT.split()
}
NATIONALITIES = frozenset(ISO_OF_NATIONALITY) | frozenset(NO_COUNTRY) | frozenset(DISSOLVED)


# The field offices of the Office of the Principal Legal Advisor, each with the courts it covers.
_OFFICES = """
ATL Atlanta: ATL ATD CHL SDC
BAL Baltimore: BAL HYA
BOS Boston: BOS LOW HAR
BUF Buffalo: BUF BTV
CHI Chicago: CHI KAN LOU
DAL Dallas: DAL FTW
DEN Denver: DEN AUR
DET Detroit: DET CLE
ELP El Paso: ELP EPD OTO
HOU Houston: HOU HSG HGP HOD CIC
LOS Los Angeles: LOS NLA LAD VNS SNC WLA ADL LAN SPD
MIA Miami: MIA KRO SAJ
NEW Newark: NEW ELZ
NOL New Orleans: NOL MEM OAK JNA
NYC New York City: NYC NYD NYV NYB SIN ULS
ORL Orlando: ORL BDC
PHI Philadelphia: PHI YOR
PHO Phoenix: PHO TUC ELO FLO
SLC Salt Lake City: SLC LVG
SNA San Antonio: SNA HLG LRO PIS PSD
SND San Diego: SND OTM IMP ELC
SFR San Francisco: SFR SMO CCC HON AGA SAI
SEA Seattle: SEA TAC POO
STP St. Paul: BLM OMA
WAS Washington, D.C.: WAS STE RIC FCI
"""
# Headquarters and training sites, which hear no cases of an office.
COURTS_WITHOUT_OFFICE = frozenset({"BIA", "CIJ", "HDQ", "OIT", "OIN"})

COURT_NAMES = dict(
    entry.split(" ", 1)
    for entry in """
ADL Adelanto; AGA Hagatna; ATD Atlanta, W. Peachtree; ATL Atlanta; AUR Aurora; BAL Baltimore;
BDC Bradenton; BIA Board of Immigration Appeals; BLM Fort Snelling; BOS Boston; BTV Batavia;
BUF Buffalo; CCC Concord; CHI Chicago; CHL Charlotte; CIC Conroe; CIJ Chief Immigration Judge;
CLE Cleveland; DAL Dallas; DEN Denver; DET Detroit; ELC El Centro; ELO Eloy; ELP El Paso;
ELZ Elizabeth; EPD El Paso, detained; FCI Falls Church; FLO Florence; FTW Fort Worth; HAR Hartford;
HDQ Headquarters; HGP Houston, Greenspoint; HLG Harlingen; HOD Houston, detained; HON Honolulu;
HOU Houston; HSG Houston, S. Gessner; HYA Hyattsville; IMP Imperial; JNA Jena; KAN Kansas City;
KRO Miami, Krome; LAD Los Angeles, detained; LAN Lancaster; LOS Los Angeles; LOU Louisville;
LOW Chelmsford; LRO Laredo; LVG Las Vegas; MEM Memphis; MIA Miami; NEW Newark;
NLA Los Angeles, N. Los Angeles Street; NOL New Orleans; NYB New York, Broadway; NYC New York;
NYD New York, detained; NYV New York, Varick; OAK Oakdale; OIN Training; OIT Training; OMA Omaha;
ORL Orlando; OTM Otay Mesa; OTO Otero; PHI Philadelphia; PHO Phoenix; PIS Los Fresnos; POO Portland;
PSD Pearsall; RIC Richmond; SAI Saipan; SAJ Guaynabo; SDC Lumpkin; SEA Seattle; SFR San Francisco;
SIN Fishkill; SLC West Valley; SMO Sacramento; SNA San Antonio; SNC Santa Ana; SND San Diego;
SPD San Pedro; STE Sterling; TAC Tacoma; TUC Tucson; ULS Napanoch; VNS Van Nuys; WAS Annandale;
WLA West Los Angeles; YOR York
""".replace("\n", " ")
    .strip()
    .split("; ")
)


# The circuit of the state in which a court sits: that of the place where the proceedings were begun
# or are completed decides, 8 U.S.C. 1252(b)(2).
_CIRCUITS = """
1: BOS LOW SAJ
2: BUF BTV HAR NYC NYD NYV NYB SIN ULS
3: NEW ELZ PHI YOR
4: BAL HYA CHL WAS STE RIC FCI
5: DAL FTW HOU HSG HGP HOD CIC SNA HLG LRO PIS PSD ELP EPD NOL OAK JNA
6: DET CLE MEM LOU
7: CHI
8: KAN BLM OMA
9: LOS NLA LAD VNS SNC WLA ADL LAN SPD PHO TUC ELO FLO LVG SND OTM IMP ELC SFR SMO CCC HON AGA SAI
9: SEA TAC POO
10: DEN AUR SLC OTO
11: ATL ATD SDC MIA KRO ORL BDC
"""
CIRCUIT_OF_COURT = {
    court: circuit
    for line in _CIRCUITS.strip().splitlines()
    for circuit, courts in [line.split(": ")]
    for court in courts.split()
}


def _offices() -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    of_court: dict[str, str] = {}
    for line in _OFFICES.strip().splitlines():
        head, courts = line.split(": ")
        code, names[code] = head.split(" ", 1)
        of_court |= dict.fromkeys(courts.split(), code)
    return names, of_court


OFFICE_NAMES, OFFICE_OF_COURT = _offices()
