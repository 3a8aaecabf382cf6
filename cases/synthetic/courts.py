"""Immigration courts, their hearing locations and their judges, who are codes and never names."""

from dataclasses import dataclass

from cases.synthetic.pools import pool

_TABLE = """
NYC New York|NY|100|650|NYC NYX NYJ; NYV New York, Varick|NY|100|350|NYV; NYB New York, Broadway|
NY|100|420|NYB NDD; MIA Miami|FL|331|1100|MIA MAT JUV; LOS Los Angeles|CA|900|520|LOS LAF LAJ;
NLA Los Angeles, north|CA|900|220|NLA NLT; VNS Van Nuys|CA|914|300|VNS; SNC Santa Ana|CA|927|280|
SNC; SFR San Francisco|CA|941|480|SFR SFX SFJ; SMO Sacramento|CA|958|150|SMO SCJ; SND San Diego|CA|
921|200|SND SDT; HOU Houston|TX|770|320|HOU; HSG Houston, Gessner|TX|770|250|HSG; HGP Houston,
Greenspoint|TX|770|200|HGP; DAL Dallas|TX|752|430|DAL; SNA San Antonio|TX|782|260|SNA SNJ;
ELP El Paso|TX|799|120|ELP; HLG Harlingen|TX|785|110|HLG; LRO Laredo|TX|780|20|LRO; CHI Chicago|IL|
606|480|CHI CNJ; BOS Boston|MA|022|430|BOS BDD; LOW Chelmsford|MA|018|90|LOW; NEW Newark|NJ|071|
480|NEW NAT NEJ; ATL Atlanta|GA|303|330|ATL ATJ ATN; ATD Atlanta, Spring Street|GA|303|180|ATD;
ORL Orlando|FL|328|650|ORL; MEM Memphis|TN|381|260|MEM MEJ; CHL Charlotte|NC|282|300|CHL;
PHI Philadelphia|PA|191|260|PHI PHA PHJ; WAS Annandale|VA|220|230|WAS; STE Sterling|VA|201|110|STE;
RIC Richmond|VA|232|80|RIC; BAL Baltimore|MD|212|230|BAL; HYA Hyattsville|MD|207|180|HYA HYJ;
NOL New Orleans|LA|701|230|NOL NOJ; DEN Denver|CO|802|200|DEN; SLC Salt Lake City|UT|841|130|SLC;
SEA Seattle|WA|981|190|SEA SEJ; POO Portland|OR|972|110|POO POR PAC; LVG Las Vegas|NV|891|110|LVG;
PHO Phoenix|AZ|850|140|PHO PHJ; TUC Tucson|AZ|857|30|TUC; OMA Omaha|NE|681|120|OMA OMJ;
KAN Kansas City|MO|641|110|KAN; BLM Fort Snelling|MN|551|130|BLM; DET Detroit|MI|482|90|DET TAD;
CLE Cleveland|OH|441|130|CLE; LOU Louisville|KY|402|90|LOU; HAR Hartford|CT|061|120|HAR HTJ;
BUF Buffalo|NY|142|70|BUF; SAJ Guaynabo|PR|009|20|SAJ; HON Honolulu|HI|968|15|HON;
AGA Hagatna|GU|969|5|AGA; SAI Saipan|MP|969|5|SAI; CCC Concord|CA|945|60|CCC;
WLA West Los Angeles|CA|900|120|WLA; ELZ Elizabeth|NJ|072|-40|ELZ; KRO Miami, Krome|FL|331|-90|KRO;
PIS Los Fresnos|TX|785|-90|PIS; PSD Pearsall|TX|780|-90|PSD; CIC Conroe|TX|773|-90|CIC JCD;
HOD Houston, detained|TX|770|-60|HOD; EPD El Paso, detained|TX|799|-60|EPD; OTO Otero|NM|880|-60|
OTO; ELO Eloy|AZ|851|-60|ELO; FLO Florence|AZ|851|-50|FLO FLP; OTM Otay Mesa|CA|921|-60|OTM;
ADL Adelanto|CA|923|-60|ADL; IMP Imperial|CA|922|-40|IMP; TAC Tacoma|WA|984|-60|TAC; AUR Aurora|CO|
800|-50|AUR; JNA Jena|LA|713|-90|JNA; OAK Oakdale|LA|714|-60|OAK; SDC Lumpkin|GA|318|-80|SDC LGD;
YOR York|PA|174|-40|YOR; BTV Batavia|NY|140|-40|BTV; ULS Napanoch|NY|124|-10|ULS; BDC Bradenton|FL|
342|-10|BDC; LAN Lancaster|CA|935|-10|LAN; SPD San Pedro|CA|907|-10|SPD; FTW Fort Worth|TX|761|-20|
FTW
"""


@dataclass(frozen=True, slots=True)
class Court:
    code: str
    name: str
    city: str
    state: str
    zip_prefix: str
    weight: int
    detained: bool
    locations: tuple[str, ...]
    judges: tuple[str, ...]


def _judge_code(number: int) -> str:
    """Return three letters; the stride of 37 keeps the codes of one court apart."""
    number = (number * 37 + 211) % 17576
    return "".join(chr(65 + number // power % 26) for power in (676, 26, 1))


def _courts() -> tuple[Court, ...]:
    courts: list[Court] = []
    judges = 0
    for entry in _TABLE.replace("|\n", "|").replace("\n", " ").split(";"):
        head, state, zip_prefix, weight, locations = entry.strip().split("|")
        code, name = head.split(" ", 1)
        seats = 2 + abs(int(weight)) // 40
        courts.append(
            Court(
                code=code,
                name=name,
                city=name.split(",")[0].upper(),
                state=state,
                zip_prefix=zip_prefix,
                weight=abs(int(weight)),
                detained=int(weight) < 0,
                locations=tuple(locations.split()),
                judges=tuple(_judge_code(judges + n) for n in range(seats)),
            )
        )
        judges += seats
    return tuple(courts)


COURTS: tuple[Court, ...] = _courts()
OPEN_COURTS: tuple[Court, ...] = pool((c, c.weight) for c in COURTS if not c.detained)
DETAINED_COURTS: tuple[Court, ...] = pool((c, c.weight) for c in COURTS if c.detained)
