"""EOIR nationality codes, what they mean in ISO 3166, and how often the docket has them.

Many EOIR codes are another country's ISO code: ES is El Salvador, CH is China, NA is the
Netherlands Antilles. No row of this table may be read without the middle column.
"""

from cases.synthetic.pools import pool, words

_TABLE = """
<A>||All codes; ??||Not known; AB|AW|Aruba; AC|AG|Antigua and Barbuda; AF|AF|Afghanistan;
AG|DZ|Algeria; AL|AL|Albania; AM|AM|Armenia; AN|AD|Andorra; AO|AO|Angola; AR|AR|Argentina;
AS|AU|Australia; AU|AT|Austria; AV|AI|Anguilla; AZ|AZ|Azerbaijan; BA|BH|Bahrain;
BB|BB|Barbados; BC|BW|Botswana; BD|BM|Bermuda; BE|BE|Belgium; BF|BS|Bahamas; BG|BD|Bangladesh;
BH|BZ|Belize; BI|BA|Bosnia and Herzegovina; BL|BO|Bolivia; BM|MM|Burma, Myanmar; BN|BJ|Benin;
BO|BF|Burkina Faso; BP|SB|Solomon Islands; BR|BR|Brazil; BS|BY|Belarus, as Byelorussia;
BT|BT|Bhutan; BU|BG|Bulgaria; BV|BV|Bouvet Island; BW||British West Indies, region;
BX|BN|Brunei; BY|BI|Burundi; BZ|BY|Belarus; CA|CA|Canada; CB|KH|Cambodia, as Kampuchea;
CC|KH|Cambodia; CD|TD|Chad; CE|LK|Sri Lanka; CF|CG|Congo (Brazzaville);
CG|CD|Zaire, now Congo (Kinshasa); CH|CN|China; CI|CL|Chile; CJ|KY|Cayman Islands;
CK|CC|Cocos Islands; CM|CM|Cameroon; CN|KM|Comoros; CO|CO|Colombia;
CQ|MP|Northern Mariana Islands; CR|CZ|Czech Republic; CS|CR|Costa Rica;
CT|CF|Central African Republic; CU|CU|Cuba; CV|CV|Cape Verde; CW|CK|Cook Islands;
CX|HR|Croatia; CY|CY|Cyprus; CZ||Czechoslovakia; DA|DK|Denmark; DC|CD|Congo (Kinshasa);
DJ|DJ|Djibouti; DM|BJ|Benin, as people's republic; DO|DM|Dominica; DR|DO|Dominican Republic;
EC|EC|Ecuador; EG|EG|Egypt; EI|IE|Ireland; EK|GQ|Equatorial Guinea; EO|EE|Estonia;
ER|ER|Eritrea; ES|SV|El Salvador; ET|ET|Ethiopia; FA|FK|Falkland Islands; FG|GF|French Guiana;
FI|FI|Finland; FJ|FJ|Fiji; FM|FM|Micronesia; FO|FO|Faroe Islands; FP|PF|French Polynesia;
FR|FR|France; FS|TF|French Southern Territories; FW||French West Indies, region; GA|GM|Gambia;
GB|GA|Gabon; GC|DE|Germany, East; GE|DE|Germany; GH|GH|Ghana; GI|GI|Gibraltar; GJ|GD|Grenada;
GL|GL|Greenland; GO|GE|Georgia; GP|GP|Guadeloupe; GR|GR|Greece; GT|GT|Guatemala; GV|GN|Guinea;
GY|GY|Guyana; GZ|PS|Gaza; HA|HT|Haiti; HK|HK|Hong Kong; HL|NL|Holland;
HM|HM|Heard and McDonald Islands; HO|HN|Honduras; HU|HU|Hungary; IC|IS|Iceland;
ID|ID|Indonesia; IN|IN|India; IO|IO|British Indian Ocean Territory; IR|IR|Iran; IS|IL|Israel;
IT|IT|Italy; IU||Not known, ordered in absentia; IV|CI|Ivory Coast (IV);
IY|CI|Ivory Coast (IY); IZ|IQ|Iraq; JA|JP|Japan; JM|JM|Jamaica; JO|JO|Jordan; KE|KE|Kenya;
KG|KG|Kyrgyzstan; KN|KP|Korea, North; KO|FM|Micronesia, Kosrae; KR|KI|Kiribati;
KS|KR|Korea, South; KT|CX|Christmas Island; KU|KW|Kuwait; KV|XK|Kosovo; KZ|KZ|Kazakhstan;
LA|LA|Laos; LE|LB|Lebanon; LH|LT|Lithuania; LI|LR|Liberia; LS|LI|Liechtenstein; LT|LS|Lesotho;
LU|LU|Luxembourg; LV|LV|Latvia; LY|LY|Libya; MA|MG|Madagascar; MB|MQ|Martinique; MC|MO|Macau;
MD|MD|Moldova; MG|MN|Mongolia; MH|MS|Montserrat (MH); MI|MW|Malawi; MJ|ME|Montenegro;
ML|ML|Mali; MM|MK|North Macedonia; MN|MC|Monaco; MO|MA|Morocco; MP|MU|Mauritius;
MQ|UM|Midway Islands; MR|MR|Mauritania; MS|MS|Montserrat (MS); MT|MT|Malta; MU|OM|Oman;
MV|MV|Maldives; MX|MX|Mexico; MY|MY|Malaysia; MZ|MZ|Mozambique; NC|NC|New Caledonia;
ND||Not designated by the court; NE|NU|Niue; NF|NF|Norfolk Island; NG|NE|Niger; NH|VU|Vanuatu;
NI|NG|Nigeria; NL|NL|Netherlands; NN||No nationality; NO|NO|Norway; NP|NP|Nepal;
NQ||Pacific trust territory; NR|NR|Nauru; NS|SR|Suriname; NU|NI|Nicaragua; NZ|NZ|New Zealand;
NA||Netherlands Antilles; PA|PY|Paraguay; PC|PN|Pitcairn Islands; PE|PE|Peru;
PF||Paracel Islands; PI|PW|Palau (PI); PK|PK|Pakistan; PL|PL|Poland; PM|PA|Panama;
PN|PS|Palestinian; PO|PT|Portugal; PP|PG|Papua New Guinea; PS|PW|Palau (PS);
PU|GW|Guinea-Bissau; QA|QA|Qatar; RE|RE|Reunion; RM|MH|Marshall Islands; RO|RO|Romania;
RP|PH|Philippines; RQ|PR|Puerto Rico; RS|RS|Serbia; RU|RU|Russia; RW|RW|Rwanda;
SA|SA|Saudi Arabia; SB|PM|Saint Pierre and Miquelon; SC|KN|Saint Kitts and Nevis;
SE|SC|Seychelles; SF|ZA|South Africa; SG|SN|Senegal; SH|SH|Saint Helena; SK|KN|Saint Kitts;
SL|SL|Sierra Leone; SM|SM|San Marino; SN|SG|Singapore; SO|SO|Somalia; SP|ES|Spain;
SR|SK|Slovak Republic; SS||Stateless; ST|LC|Saint Lucia; SU|SD|Sudan; SV|SI|Slovenia;
SW|SE|Sweden; SY|SY|Syria; SZ|CH|Switzerland; TA|TJ|Tajikistan; TC|AE|United Arab Emirates;
TD|TT|Trinidad and Tobago; TH|TH|Thailand; TK|TC|Turks and Caicos Islands; TL|TK|Tokelau;
TM|TL|East Timor; TN|TO|Tonga; TO|TG|Togo; TP|ST|Sao Tome and Principe; TR|TM|Turkmenistan;
TS|TN|Tunisia; TU|TR|Turkey; TV|TV|Tuvalu; TW|TW|Taiwan; TZ|TZ|Tanzania; UE|UA|Ukraine;
UG|UG|Uganda; UK|GB|United Kingdom; UN||Not known (UN); UR||Soviet Union;
US|US|United States of America; UV|BF|Burkina Faso, as Upper Volta; UY|UY|Uruguay;
UZ|UZ|Uzbekistan; VC|VC|Saint Vincent and the Grenadines; VE|VE|Venezuela;
VI|VG|British Virgin Islands; VM|VN|Vietnam; WA|NA|Namibia; WI|EH|Western Sahara; WS|WS|Samoa;
WZ|SZ|Eswatini; XS|SS|South Sudan; XX||Control value: removal from the United States;
YE|YE|Yemen; YO||Yugoslavia; YS||Serbia and Montenegro; ZA|ZM|Zambia; ZI|ZW|Zimbabwe;
"""

NATIONALITIES: dict[str, tuple[str, str]] = {
    code: (iso2, name)
    for code, iso2, name in (
        entry.strip().split("|") for entry in _TABLE.replace("\n", " ").split(";") if entry.strip()
    )
}
"""EOIR code to ISO 3166 alpha-2 (empty where there is none) and name."""

_WEIGHTS = """
GT 1200 SP; HO 1150 SP; MX 900 SP; ES 850 SP; VE 850 SP; CU 700 SP; NU 520 SP; CO 500 SP;
HA 420 CRE; EC 420 SP; PE 300 SP; BR 300 POR; CH 280 MAN; IN 280 PUN; RU 110 RUS; DR 110 SP;
TU 70 TU; UZ 50 UZB; GV 45 FUL; SG 50 WLF; MR 55 POU; CM 40 FR; NI 40 ENG; GH 30 TWI;
ET 25 AMH; ER 25 TIG; EG 40 AR; AF 35 FAE; NP 45 NEP; BG 55 BEN; PK 35 UR; CE 15 SIN;
RP 30 TAG; VM 25 VIE; ID 15 IND; JM 45 ENG; SO 25 SOM; DC 12 FR; CG 8 FR; AO 20 POR;
GO 25 GEO; AM 20 ARM; UE 25 UK; KG 12 KYG; SY 12 AR; IZ 12 AR; IR 12 IFA; JO 10 AR;
BL 15 SP; CS 10 SP; BH 6 ENG; CI 15 SP; AR 15 SP; TO 8 FR; IV 8 FR; ML 10 BAM; GA 8 MKE;
BO 6 FR; SL 8 KRI; LI 8 ENG; BM 6 BUR; AL 12 ALB; RO 12 ROM; PL 10 POL; MG 6 MON; KS 8 KOR
"""

RARE = words("NA UR CZ YO XS ND UN SS ZA MA AU GB GE NG CN AG PA PM TD KR PS IS SV DO CD")
"""Codes that name no country, several, or one that a careless reader takes for another."""

LANGUAGE: dict[str, str] = {
    code: language
    for code, _, language in (entry.split() for entry in _WEIGHTS.replace("\n", " ").split(";"))
}

COMMON: tuple[str, ...] = pool(
    (code, int(weight))
    for code, weight, _ in (entry.split() for entry in _WEIGHTS.replace("\n", " ").split(";"))
)

SECOND_LANGUAGE: dict[str, tuple[str, ...]] = {
    "GT": ("MAM", "QUI", "KEK", "KON", "IXL"),
    "MX": ("MIX", "ZAP", "NAH"),
    "EC": ("QUG",),
    "CH": ("FOO", "CAN"),
    "IN": ("HIN", "GUJ"),
    "HO": ("CAB",),
    "RU": ("CHE",),
}
