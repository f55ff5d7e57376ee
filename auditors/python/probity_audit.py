#!/usr/bin/env python3
"""Audits a marketplace by what its public log serves: signatures, tree, facts, priors and ratings.

Follows docs/log-format.md and packages/engine/src/ratings/README.md, whose step 6 is "(6)" below; shares no
code with the server. Needs the standard library and `cryptography`. All arithmetic is in integers.
"""
import argparse, base64, hashlib, json, re, sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import zip_longest
from math import isqrt
from pathlib import Path
from urllib.parse import urlsplit
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ANSWER_MAX, ACTS_MAX, PREFIXES_MAX, EXACT, MILLION = 16 * 2**20, 10**6, 16, 2**53 - 1, 10**6
FIELD = 160  # bits: the sums of several days are added up at once, as fields of one integer
GRADES, LETTER = "AAA AA A BBB BB B C D".split(), {"merchant": "m:", "product": "p:", "promoter": "r:"}
ACTS = {"policy.published": "effectiveDay kind noticeDays policy", "merchant.linked": "holds merchant to",
        "epoch.begun": "day epoch kind logSize policy priors",
        "ratings.published": "day epoch kind logSize policy root subjects"}
MILLI = ("review-stars", "review-not-low", "stars-described", "stars-service", "stars-logistics",
         "credentials-elsewhere")
SCALE = {**dict.fromkeys(MILLI, 1000), "raters-standing": 40}
SUBJECT, STRING, ROWS = r'"[mpr]:[\w.~-]{1,128}"', r'"(?:[ !#-\[\]-~]|\\.)*"', r"\[{0}\](?:,\[{0}\])*"
C, D = ROWS.format(SUBJECT + r',"([\w-]{22})?"'), ROWS.format(SUBJECT + r',"[a-z0-9/-]+",\d+,-?\d+,-?\d+')
ENTRY = re.compile(r'\{("c":\[%s\],)?"d":\[(%s)?\],("p":\{.*\},)?"sd":\[("[\w-]{43}",){19,}"[\w-]{43}"\],'
                   r'"t":%s,"v":1\}' % (C, D, STRING), re.ASCII)

class Failed(Exception):
    """What differs, and where; without a place: where the audit then was."""

def need(holds, what, where=None):
    if not holds:
        raise Failed(what, where)

def exact(text):
    need(len(text) <= 17 and abs(int(text)) <= EXACT, "no exact integer: " + text[:20])
    return int(text)

parse = json.JSONDecoder(parse_int=exact, parse_float=exact, parse_constant=exact).decode
write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
write_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

def sha256(data):
    return hashlib.sha256(data).digest()

class Server:
    def __init__(self, base, key):
        parts = urlsplit(base)
        self.line = (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(parts.netloc, timeout=60)
        self.path, self.headers = parts.path, {"Authorization": "Bearer " + key} if key else {}

    def get(self, path, may_miss=False, again=True):
        try:
            self.line.request("GET", self.path + "/" + path, headers=self.headers)
            answer = self.line.getresponse()
            body = answer.read(ANSWER_MAX + 1)
        except (OSError, HTTPException, ValueError) as error:
            self.line.close()
            need(again, "no answer: %s %s" % (type(error).__name__, error), path)
            return self.get(path, may_miss, again=False)  # a kept connection may have been closed meanwhile
        need(len(body) <= ANSWER_MAX, "an answer of more than %d bytes" % ANSWER_MAX, path)
        if answer.status == 404 and may_miss:
            return None
        hint = ": give --key" if answer.status in (401, 403) else ""
        need(answer.status == 200, "HTTP %d%s" % (answer.status, hint), path)
        return body

class Key:
    def __init__(self, vkey, kind):
        self.name, told, data = vkey.split("+", 2)
        self.data = base64.b64decode(data, validate=True)
        self.id = sha256(self.name.encode() + b"\n" + self.data)[:4]
        need(self.data[0] == kind and told == self.id.hex(), "not of type %d or of its id: %s" % (kind, vkey))
        self.verify = Ed25519PublicKey.from_public_bytes(self.data[1:]).verify

def read_trust(text):
    """C2SP tlog-policy: keys of the logs, of witnesses by name, and whether a set of names is a quorum."""
    logs, witnesses, quorums, used, asks = [], {}, [], {"none"}, {"none": lambda signed: True}
    for line in text.decode("utf-8", "surrogateescape").split("\n"):
        what, *rest = re.split("[ \t]+", line.strip(" \t"))
        if what == "log":
            logs.append(Key(rest[0], 1))
        elif what == "quorum":
            quorums.append(asks[rest[0]])
        elif what == "witness" and rest[0] not in asks:
            witnesses[rest[0]] = Key(rest[1], 4)
            asks[rest[0]] = lambda signed, name=rest[0]: name in signed
        elif what == "group" and rest[0] not in asks:
            name, least, *inside = rest
            least = int({"any": 1, "all": len(inside)}.get(least, least))
            new = {*inside} & {*asks} - used
            need(1 <= least <= len(inside) == len(new), "not a group of so many new members: " + line)
            used.update(inside)
            asks[name] = lambda signed, least=least, of=inside: sum(asks[one](signed) for one in of) >= least
        else:
            need(what[:1] in ("", "#"), "not understood, or a name defined before: " + line)
    for keys in (logs, witnesses.values()):
        need(len({key.data for key in keys}) == len(keys), "names a key twice")
    need(logs and len(quorums) == 1, "names no log, or not one quorum")
    return logs, witnesses, quorums[0]

def read_checkpoint(data, log, witnesses, quorum):
    """(size, root, witnesses that signed) of a signed note that the log and a quorum have signed."""
    text = data.decode("utf-8")
    body, _, signatures = text.rpartition("\n\n")
    lines, body, signed = body.split("\n"), (body + "\n").encode(), set()
    need(len(lines) >= 3 and "" not in lines and signatures.endswith("\n"), "not a signed note of a tree")
    need(not re.search("[\0-\x09\x0b-\x1f]", text), "control characters")
    need(lines[0] == log.name, "is of %s, but the log's key is of %s" % (lines[0], log.name))
    need(re.fullmatch("0|[1-9][0-9]{0,7}", lines[1]), "its size is no number, or 100 million or more")
    for line in signatures[:-1].split("\n"):
        parts = re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
        need(parts, "not a signature line: " + line)
        signature = base64.b64decode(parts[2], validate=True)
        for name, key in [("", log), *witnesses.items()]:
            if (key.name, key.id) == (parts[1], signature[:4]):
                time = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[4:12], "big")
                try:
                    key.verify(signature[12:] if name else signature[4:], time + body if name else body)
                except InvalidSignature:
                    need(False, "the signature of %s does not hold" % key.name)
                signed.add(name)
    need("" in signed, "the log itself has not signed it")
    signed.remove("")
    need(quorum(signed), "without the quorum: cosigned by %s" % (sorted(signed) or "nobody"))
    return int(lines[1]), base64.b64decode(lines[2], validate=True), sorted(signed)

def tree_hash(hashes):
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + tree_hash(hashes[:half]) + tree_hash(hashes[half:]))

def tile_path(level, place, width):
    *groups, last = re.findall("...", str(place).zfill((len(str(place)) + 2) // 3 * 3))
    path = "tile/%s/%s" % (level, "".join("x%s/" % group for group in groups) + last)
    return path if width == 256 else "%s.p/%d" % (path, width)

def read_entry(raw):
    text = raw.decode("ascii")
    need(len(raw) <= 65535 and ENTRY.fullmatch(text), "not of the form of an entry")
    entry = parse(text)
    p, sd = entry.get("p", {}), entry["sd"]
    need([key for key in ("c", "d", "p", "sd", "t", "v") if key in entry] == list(entry), "other keys")
    need(write(entry) == text and sd == sorted(set(sd)) and list(p) == sorted(p), "not canonical")
    need(all(type(value) in (int, bool, str) for value in p.values()), "p holds more than plain values")
    need(" ".join(p) == ACTS.get(entry["t"], " ".join(p)), "not the p of %s" % entry["t"])
    return entry

class Facts:
    """Sums by subject and metric, then day; categories; links."""
    def __init__(self, sums=(), categories=(), links=()):
        self.sums = {key: dict(days) for key, days in sums}
        self.categories, self.links = dict(categories), dict(links)

    def add(self, entry):
        self.categories.update(entry.get("c", ()))
        for subject, metric, day, n, x in entry["d"]:
            need(subject in self.categories, "facts of %s, which no entry has named" % subject)
            days = self.sums.setdefault((subject, metric), {})
            before = days.get(day, (0, 0))
            days[day] = (before[0] + n, before[1] + x)

    def subjects(self, kind):
        """Of a kind, in order: subject, category, and what reads its sums of a metric."""
        for name in sorted(name for name in self.categories if name.startswith(LETTER[kind])):
            yield name, self.categories[name], lambda metric, name=name: self.sums.get((name, metric), {})

class Policy:
    def __init__(self, raw, name):
        self.__dict__.update(parse(raw.decode("utf-8")))
        need(sha256(raw).hex() == name, "its SHA-256 is another")
        need(write_sorted(self.__dict__).encode() == raw, "not canonical JSON")
        self.id, self.tables, self.days = name, {}, 2 * self.hysteresis["days"] + 1
        longest = max(len(decay["weights"]) for decay in self.decays.values())
        need(1 <= self.days <= 29 and len(self.indicators) <= 64 and longest <= 3700, "too long for a policy")

    def weights(self, decay, days):
        """Weights by age on the last day, and their squares; field b is that of b days earlier. (1)"""
        if (decay, days) not in self.tables:
            plain = self.decays[decay]["weights"] + [self.decays[decay]["tail"]] * days
            self.tables[decay, days] = [
                [sum(row[age - b] << FIELD * b for b in range(min(days, age + 1))) for age in range(len(row))]
                for row in (plain, [weight * weight >> 32 for weight in plain])]
        return self.tables[decay, days]

def decayed(rows, weights, squares, day):
    """Σ w·n, Σ w²·n and Σ w·x, in fields."""
    n = square = x = 0
    for date, (opportunities, good) in rows.items():
        if date <= day:
            age = min(day - date, len(weights) - 1)
            n += opportunities * weights[age]
            square += opportunities * squares[age]
            x += good * weights[age]
    return n, square, x

def fields(packed, count):
    half = 1 << FIELD - 1
    packed += sum(half << FIELD * b for b in range(count))
    return [(packed >> FIELD * b) % (2 * half) - half for b in range(count)]

def window(rows, first, last):
    return sum(n for date, (n, _) in rows.items() if first <= date <= last)

def evidence(policy, item, rows, day, days):
    """(good, bad, n*, mean of a level, empty) on `day` and the days before, newest first; and, where asked
    for one day, whether this shows that the indicator is measured. (2)-(4), (8)"""
    told, out = item["evidence"], []
    if told["kind"] == "level":
        for last in range(day, day - days, -1):
            units = [max(0, window(rows(part["metric"]), 0, last)) for part in told["parts"]]
            mean = sum(part["each"] * min(has, part["cap"]) for part, has in zip(told["parts"], units))
            out.append((0, 0, 0, min(MILLION, mean), not any(units)))
        return out, not out[0][4]
    tables = policy.weights(item["decay"], days)
    of, against = ([decayed(rows(metric), *tables, day) for metric in told[key]] for key in ("of", "against"))
    less = [(part["weight"], decayed(rows(part["metric"]), *tables, day)[0]) for part in told["less"]]
    n, square = (sum(sums[part] for sums in of + against) for part in (0, 1))
    good_is_x = told["good"] == "x"
    x = sum(sums[2 if good_is_x else 0] for sums in of) - sum(weight * lost for weight, lost in less)
    unit = SCALE.get(told["of"][0], 1) << 32
    for all_n, all_square, right in zip(fields(n, days), fields(square, days), fields(x, days)):
        all_n = max(0, all_n)
        good, bad = 1000 * min(max(right, 0), all_n) // unit, 1000 * max(all_n - right, 0) // unit
        milli, milli2 = 1000 * all_n // unit, 1000 * max(0, all_square) // unit
        effective = max(milli, milli * milli // milli2) if milli2 > 0 else milli
        out.append((good, bad, effective, None, good + bad == 0))
    faults = [lost for _, lost in less] + [sums[0] for sums in against]
    return out, out[0][0] > 0 if good_is_x else any(lost > 0 for lost in faults)

def fit(moments, prior):
    """Mean and strength. (5) (6)"""
    subjects, n, x, nn, xxn = moments
    mean, degrees = (MILLION * x + 1000 * prior["mean"]) // (n + 1000), 1000 * (subjects - 1)
    above = ((xxn * n - x * x) * n - degrees * x * (n - x)) * n
    below = x * (n - x) * (n * n - nn - degrees * n)
    if below <= 0:
        return mean, prior["strength"] * 1000
    told = isqrt((n * n - nn) ** 2 // (2 * n * n * (subjects - 1)))
    found = told if above <= 0 else 0 if above >= below else 1000 * (below - above) // above
    return mean, max(2000, min(found, told, MILLION))

def fit_epoch(policy, facts, day):
    """Priors as log-format.md writes them. (5)-(8)"""
    def written(moments, mean, strength, source):
        named = dict(zip(("n", "x", "nn", "xxn"), map(str, moments[1:])), subjects=moments[0])
        return {"from": source, "mean": mean, "moments": named, "strength": strength}
    indicators, least = [], policy.categorySubjectsMin
    for item in policy.indicators:
        measured, sums, prior = False, {}, item["prior"]
        for _, category, rows in facts.subjects(policy.subject):
            [(good, bad, *_)], shows = evidence(policy, item, rows, day, 1)
            measured, n = measured or shows, good + bad
            if n > 0:
                more = (1, n, good, n * n, good * good // n)
                sums[category] = [a + b for a, b in zip(sums.get(category, [0] * 5), more)]
        every = [sum(part) for part in zip([0] * 5, *sums.values())]
        general = (prior["mean"], prior["strength"] * 1000, "policy")
        general = (*fit(every, prior), "marketplace") if every[0] >= least else general
        categories = {name: written(here, *((*fit(here, prior), "category") if here[0] >= least else general))
                      for name, here in sums.items() if name != ""}
        indicators.append({"id": item["id"], "measured": measured, "marketplace": written(every, *general),
                           "categories": categories})
    return {"day": day, "format": "probity-epoch/1", "indicators": indicators, "policy": policy.id}

def score(policy, priors, found):
    """Of one day: points of the dimensions and their maxima (micro-points), bound. (9)-(12)"""
    parts = [part for part in zip(policy.indicators, found, priors)
             if part[2]["measured"] and not (part[1][4] and part[0]["whenEmpty"] == "hand-over")]
    live = [[part for part in parts if part[0]["dimension"] == item["id"]] for item in policy.dimensions]
    open_points = [sum(item["points"] for item, _, _ in inside) for inside in live]
    counts = [min(item["points"], 2 * mine) for item, mine in zip(policy.dimensions, open_points)]
    points, maxima, variance, run, every = [], [], 0, 0, sum(counts) or 1
    for inside, mine, count in zip(live, open_points, counts):
        most = 10**9 * (run + count) // every - 10**9 * run // every
        run, before, reached = run + count, 0, 0
        for item, (good, bad, effective, level, _), prior in inside if mine else ():
            top = most * (before + item["points"]) // mine - most * before // mine
            before, table, k = before + item["points"], item["table"], prior["strength"]
            mean = (MILLION * good + k * prior["mean"]) // (good + bad + k) if level is None else level
            row = max(row for row in range(len(table) - 1) if table[row][0] <= mean)
            (x, y), (dx, dy) = table[row], (table[row + 1][axis] - table[row][axis] for axis in (0, 1))
            reached += top * (1000 * (y * dx + dy * (mean - x)) // dx) // MILLION
            error = isqrt(10**7 * mean * (MILLION - mean) // (effective + k + 1000)) if level is None else 0
            variance += min(top * dy // dx * error // 10**8, top // 1000) ** 2
        points.append(reached)
        maxima.append(most)
    zn, zd = policy.bound["zNumerator"], policy.bound["zDenominator"]
    return points, maxima, max(0, sum(points) * zd - 1000 * zn * isqrt(variance)) // (zd * MILLION)

def apportion(total, parts, ids, limits):
    """Whole numbers that add up to `total`: floors, then one more to the largest remainders. (13)"""
    whole = [part // MILLION for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (-(parts[place] % MILLION), ids[place]))
    while sum(whole) < total:
        before = sum(whole)
        for place in order:
            whole[place] += sum(whole) < total and whole[place] < limits[place]
        need(sum(whole) > before, "a policy by which whole points do not add up")
    return whole

def steady_grade(policy, bounds):
    """The grade's place in GRADES after a window of bounds, oldest first. (14)"""
    least = [item["min"] for item in policy.grades]
    margin, days = policy.hysteresis["margin"], policy.hysteresis["days"]
    held = min(place for place, needs in enumerate(least) if min(bounds) >= needs)
    for day, bound in enumerate(bounds):
        recent = bounds[day + 1 - days:day + 1] if day + 1 >= days else [-1, MILLION]
        up = [place for place in range(held) if bound >= least[place] + margin or min(recent) >= least[place]]
        while not up and (bound < least[held] - margin or max(recent) < least[held]):
            held += 1
        held = up[0] if up else held
    return GRADES.index(policy.grades[held]["grade"])

def holds(rows, days, day, condition):
    """Whether a condition of the floor or of a red line holds in a window. (15) (16)"""
    def units(metric):
        return window(rows(metric), day - days + 1, day)
    n, scale, share = units(condition["metric"]), SCALE.get(condition["metric"], 1), condition.get("share")
    return n >= condition["min"] * scale and (not share or n * SCALE.get(share["of"], 1) * MILLION
                                              >= share["min"] * max(0, units(share["of"])) * scale)

def rate_all(policy, priors, facts, day):
    """Lines of all subjects of the policy's kind as log-format.md writes them, without their newlines."""
    own, lines, ids, floor = {}, [], [dimension["id"] for dimension in policy.dimensions], policy.floor
    for subject, category, rows in facts.subjects(policy.subject):
        fitted = [{**item, **item["categories"].get(category, item["marketplace"])} for item in priors]
        found = [evidence(policy, item, rows, day, policy.days)[0] for item in policy.indicators]
        scored = [score(policy, fitted, here) for here in zip(*found)]
        (points, maxima, bound), live = scored[0], any(scored[0][1])
        caps = [GRADES.index(line["cap"]) for line in policy.redLines
                if all(holds(rows, line["windowDays"], day, condition) for condition in line["when"])]
        if live and all(holds(rows, floor["windowDays"], day, item) for item in floor["conditions"]):
            own[subject] = max([steady_grade(policy, [bound for _, _, bound in reversed(scored)]), *caps])
        limits, total = apportion(1000 * live, maxima, ids, [1000] * len(ids)), sum(points) // MILLION
        lines.append([subject, "too-early", total, bound, None, None, apportion(total, points, ids, limits)])
    grade = dict(own)
    for (one, other), linked in facts.links.items():
        if linked and one in own and other in own:
            grade[one], grade[other] = max(grade[one], own[other]), max(grade[other], own[one])
    for line in lines:
        if line[0] in own:
            line[1], line[4], line[5] = "rated", GRADES[grade[line[0]]], GRADES[own[line[0]]]
    return [write(line).encode() for line in lines]

class Audit:
    def __init__(self, options):
        self.options, self.at, self.facts, self.prefixes, self.until = options, "URL", Facts(), {}, {}
        self.published, self.policies, self.epochs = {}, {}, {}
        self.report = dict.fromkeys(("origin", "size", "root", "facts"))
        self.report.update(entries=0, acts=0, epochs=0, ratings=0, lines=0)

    def run(self):
        address = r"(https?://[^/?#\s]+[^?#\s]*?)(?:/log/([^/?#\s]+)(/[0-9]+)?)?/?"
        parts = re.fullmatch(address, self.options.url)
        need(parts, "not the address of a server or of a log")
        name = "/log/" + (parts[2] or self.options.marketplace)
        self.server, self.at = Server(parts[1] + name, self.options.key), "trust-policy"
        file = self.options.policy
        if not file:
            print("warning: keys from the audited server prove only that its answers agree with each other; "
                  "get the trust policy elsewhere and give --policy", file=sys.stderr)
        logs, witnesses, quorum = read_trust(Path(file).read_bytes() if file else self.server.get(self.at))
        logs = [log for log in logs if log.name.endswith(name + (parts[3] or "")) or not parts[3]]
        need(logs, "names no log of this address")
        log, self.at = logs[-1], "checkpoint"
        shard = re.search("(?<=%s)/[0-9]+$|$" % re.escape(name), log.name)[0]
        self.tiles = Server(parts[1] + name + shard, self.options.key)
        size, root, signed = read_checkpoint(self.tiles.get("checkpoint"), log, witnesses, quorum)
        self.report.update(origin=log.name, size=size, root=root.hex())
        print("%s: %d entries, root %s, cosigned by %s" % (ascii(log.name), size, root.hex(), ascii(signed)))
        limit = size if self.options.as_of is None else self.options.as_of
        need(0 <= limit <= size, "is of %d entries, fewer than --as-of asks for" % size)
        leaves = self.read_tree(size, root)
        if self.options.as_of is not None:
            print("root of the first %d entries: %s" % (limit, tree_hash(leaves[:limit]).hex()))
        self.read_hints(limit)
        self.read_bundles(leaves, limit)
        dump = sorted("%s %s %d %d %d\n" % (*key, day, n, x) for key, days in self.facts.sums.items()
                      for day, (n, x) in days.items() if n or x)
        self.report["facts"] = sha256("".join(dump).encode()).hex()
        print("facts of %d entries: %d rows, SHA-256 %s" % (limit, len(dump), self.report["facts"]))

    def read_tree(self, size, root):
        """Leaf hashes, by all hash tiles: the unfinished ones make the root, the others hang below them."""
        def tile(level, place, width):
            path = tile_path(level, place, width)
            data = self.tiles.get(path)
            need(len(data) == 32 * width, "is of %d bytes" % len(data), path)
            return [data[start:start + 32] for start in range(0, len(data), 32)]
        counts, edge, rest, above = [size >> 8 * level for level in range(8)], [], [], []
        for level, count in enumerate(counts):
            edge.append(tile(level, count // 256, count % 256) if count % 256 else [])
            rest = [tree_hash(edge[level] + rest)] if edge[level] or rest else []
        found = tree_hash(rest)
        need(found == root, "its root is not that of its unfinished tiles, %s" % found.hex())
        for level in reversed(range(8)):
            here = []
            for place, node in enumerate(above):
                here += tile(level, place, 256)
                found, path = tree_hash(here[-256:]), tile_path(level, place, 256)
                need(found == node, "hashes to %s, not as the tile above says" % found.hex(), path)
            above = here + edge[level]
        return above

    def read_hints(self, limit):
        """Sizes of the prefixes that acts will ask for, each with the place of the last such act."""
        start, acts, self.at = 0, 0, "acts"
        while start is not None and start < limit:
            answer = parse(self.server.get("acts?from=%d" % start).decode("utf-8"))
            for place, kind, size in answer["acts"]:
                if kind in ("epoch.begun", "ratings.published") and place < limit:
                    self.until[size] = max(place, self.until.get(size, 0))
            acts, before, start = acts + len(answer["acts"]), start, answer["next"]
            need(acts <= ACTS_MAX and (start is None or start > before), "does not come to an end")

    def read_bundles(self, leaves, limit):
        for first in range(0, len(leaves), 256):
            width, start = min(256, len(leaves) - first), 0
            path = tile_path("entries", first // 256, width)
            bundle = self.tiles.get(path)
            for place in range(first, first + width):
                self.at = "%s entry %d" % (path, place)
                end = start + 2 + int.from_bytes(bundle[start:start + 2], "big")
                need(start + 2 <= end <= len(bundle), "the bundle ends early")
                raw, start = bundle[start + 2:end], end
                need(sha256(b"\0" + raw) == leaves[place], "is not what the tree has there: %s" % raw)
                entry = read_entry(raw)
                if place < limit:
                    self.read_one(place, entry)
            need(start == len(bundle), "bytes after its last entry", path)
            self.report["entries"] += width
            if first % 12800 == 0:
                print("%d of %d entries" % (first + width, len(leaves)), file=sys.stderr)

    def read_one(self, place, entry):
        if place in self.until:  # an act will ask for the prefix before this entry
            need(len(self.prefixes) < PREFIXES_MAX, "speaks of too many prefixes at once", "acts")
            self.prefixes[place] = Facts(self.facts.sums.items(), self.facts.categories, self.facts.links)
        self.facts.add(entry)
        kind, p = entry["t"], entry.get("p")
        self.report["acts"] += kind in ACTS
        if kind == "policy.published":
            self.published[p["policy"]] = p["kind"]
        elif kind == "merchant.linked":
            self.facts.links[p["merchant"], p["to"]] = p["holds"]
        elif kind in ACTS:
            need(p["logSize"] in self.prefixes, "speaks of the first %s entries, unlike /acts" % p["logSize"])
            policy, facts = self.policy(p["policy"], p["kind"]), self.prefixes[p["logSize"]]
            (self.check_epoch if kind == "epoch.begun" else self.check_ratings)(place, p, policy, facts)
            self.prefixes = {size: facts for size, facts in self.prefixes.items() if self.until[size] > place}

    def policy(self, name, kind):
        need(self.published.get(name) == kind, "a policy that no act has published for this kind")
        if name not in self.policies:
            here, self.at = self.at, "policies/%s" % name
            self.policies[name] = Policy(self.server.get(self.at), name)
            need(self.policies[name].subject == kind, "not a policy for a %s" % kind)
            self.at = here
        return self.policies[name]

    def check_epoch(self, _, p, policy, facts):
        priors = fit_epoch(policy, facts, p["day"])
        digest = sha256(write_sorted(priors).encode()).hex()
        need(digest == p["priors"], "priors are %s by the log, %s by its facts" % (p["priors"], digest))
        self.epochs[p["kind"], p["epoch"]] = policy, priors["indicators"]
        self.report["epochs"] += 1

    def check_ratings(self, place, p, policy, facts):
        begun, priors = self.epochs.get((p["kind"], p["epoch"]), (None, None))
        need(begun is policy, "by an epoch that has not begun or has another policy")
        lines, path = rate_all(policy, priors, facts, p["day"]), "ratings/%d" % place
        served = self.server.get(path, may_miss=True)
        if served is None:
            print("%s: not served, checked by its root" % path)
        else:
            for number, (there, here) in enumerate(zip_longest(served.split(b"\n"), [*lines, b""]), 1):
                subject = (here or there or b"")[2:].split(b'"')[0].decode("ascii", "replace")
                need(there == here, "is %s, the facts make it %s" % (there, here),
                     "%s line %d (%s)" % (path, number, subject))
        root = tree_hash([sha256(b"\0" + line) for line in lines]).hex()
        count = len(lines)
        need(p["subjects"] == count, "%s subjects by the log, %d by its facts" % (p["subjects"], count))
        need(root == p["root"], "ratings have root %s by the log, %s by its facts" % (p["root"], root))
        self.report["ratings"] += 1
        self.report["lines"] += count

def main():
    parser = argparse.ArgumentParser(description="Audits a marketplace by what its public log serves.")
    parser.add_argument("url", help="the server, or a log: https://host/log/main")
    parser.add_argument("--marketplace", default="main", help="which log, where URL is the server's")
    parser.add_argument("--as-of", type=int, help="facts and ratings of the first so many entries only")
    parser.add_argument("--policy", help="trust policy (C2SP tlog-policy) from elsewhere than the server")
    parser.add_argument("--key", help="API key with the right log:read")
    parser.add_argument("--json", action="store_true", help="last line is a JSON object")
    options, failure, line = parser.parse_args(), None, "FAILED: {failure[where]}: {failure[what]}"
    audit = Audit(options)
    try:
        audit.run()
        line = "OK: {entries} entries, {ratings} ratings checked, {lines} lines, {epochs} epochs, {acts} acts"
    except Failed as error:
        failure = {"where": error.args[1] or audit.at, "what": error.args[0]}
    except Exception as error:  # whatever a malformed answer leads to
        failure = {"where": audit.at, "what": "malformed: %s %s" % (type(error).__name__, error)}
    report = {"ok": failure is None, **audit.report, "failure": failure}
    print(json.dumps(report) if options.json else ascii(line.format_map(report))[1:-1][:1000])
    return 1 if failure else 0

if __name__ == "__main__":
    sys.exit(main())
