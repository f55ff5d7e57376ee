#!/usr/bin/env python3
"""Audits a marketplace by what its public log serves: signatures, tree, facts, priors and ratings.

Follows docs/log-format.md and packages/engine/src/ratings/README.md, whose step 6 is "(6)" below, and shares
no code with the server. Needs the standard library and `cryptography`. All arithmetic is in integers."""
import argparse, base64, itertools, json, math, re, ssl, sys, types
from hashlib import sha256
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ANSWER_MAX, PREFIXES_MAX, EXACT, MILLION = 16 * 2**20, 16, 2**53 - 1, 10**6
GRADES, LETTER = "AAA AA A BBB BB B C D".split(), {"merchant": "m:", "product": "p:", "promoter": "r:"}
ACTS = {"policy.published": "effectiveDay kind noticeDays policy", "merchant.linked": "holds merchant to",
        "epoch.begun": "day epoch kind logSize policy priors",
        "ratings.published": "day epoch kind logSize policy root subjects"}
MILLI = "review-stars review-not-low stars-described stars-service stars-logistics credentials-elsewhere"
UNITS = {**dict.fromkeys(MILLI.split(), 1), "raters-standing": 25}  # thousandths of an opportunity; else 1000
SUBJECT, STRING, LIST = r'"[mpr]:[\w.~-]{1,128}"', r'"[ !#-\[\]-~]*"', "{0}(?:,{0})*"
C = LIST.format(rf'\[{SUBJECT},"(?:[\w-]{{22}})?"\]')
D = LIST.format(rf'\[{SUBJECT},"[a-z0-9/-]+",\d+,-?\d+,-?\d+\]')
P = LIST.format(rf"{STRING}:(?:-?\d+|true|false|{STRING})")
ENTRY = re.compile(rf'\{{("c":\[{C}\],)?"d":\[({D})?\],("p":\{{{P}\}},)?'
                   r'"sd":\[("[\w-]{43}",){19,}"[\w-]{43}"\],"t":"[a-z0-9.-]+","v":1\}', re.ASCII)
WEB = OpenerDirector()  # with these two handlers only, it follows no redirects and uses no proxies
WEB.add_handler(HTTPHandler())
WEB.add_handler(HTTPSHandler(context=ssl.create_default_context()))

def need(holds, what):  # where it does not hold is told by Audit.at
    if not holds:
        raise AssertionError(what)
    return holds

def exact(text):  # integers, as every reader of JSON has them
    need(len(text) <= 17 and abs(int(text)) <= EXACT, "no exact integer: " + text[:20])
    return int(text)

parse = json.JSONDecoder(parse_int=exact, parse_float=exact, parse_constant=exact).decode
write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

class Key:
    def __init__(self, vkey, kind):
        self.name, told, data = vkey.split("+", 2)
        self.data = base64.b64decode(data, validate=True)
        self.id = sha256(self.name.encode() + b"\n" + self.data).digest()[:4]
        need(self.data[0] == kind and told == self.id.hex(), f"not of type {kind} or of its id: {vkey}")
        self.verify = Ed25519PublicKey.from_public_bytes(self.data[1:]).verify

def read_trust(text):  # C2SP tlog-policy: the logs' keys, the witnesses' keys, whether keys are a quorum
    logs, witnesses, quorums, used, asks = [], [], [], {"none"}, {"none": lambda signed: True}
    for line in text.decode("utf-8", "surrogateescape").split("\n"):
        what, *rest = re.split("[ \t]+", line.strip(" \t"))
        if what == "log":
            logs.append(Key(rest[0], 1))
        elif what == "quorum":
            quorums.append(asks[rest[0]])
        elif what == "witness" and rest[0] not in asks:
            witnesses.append(Key(rest[1], 4))
            asks[rest[0]] = lambda signed, key=witnesses[-1]: key in signed
        elif what == "group" and rest[0] not in asks:
            name, least, *inside = rest
            least = int({"any": 1, "all": len(inside)}.get(least, least))
            need(1 <= least <= len(inside) == len({*inside} & {*asks} - used), "not of new members: " + line)
            used.update(inside)
            asks[name] = lambda signed, least=least, of=inside: sum(asks[one](signed) for one in of) >= least
        else:
            need(what[:1] in ("", "#"), "not understood, or a name defined before: " + line)
    need(all(len({key.data for key in keys}) == len(keys) for keys in (logs, witnesses)), "names a key twice")
    need(logs and len(quorums) == 1, "names no log, or not one quorum")
    return logs, witnesses, quorums[0]

def read_checkpoint(data, log, witnesses, quorum):  # size, root, and names of the witnesses that signed
    body, _, signatures = data.decode("utf-8").rpartition("\n\n")
    lines, signed = body.split("\n"), []
    need(len(lines) > 2 and "" not in lines and signatures.endswith("\n") and
         not re.search("[\0-\x09\x0b-\x1f]", body + signatures), "not a signed note of a tree")
    need(lines[0] == log.name, f"is of {lines[0]}, but the log's key is of {log.name}")
    need(re.fullmatch("0|[1-9][0-9]{0,7}", lines[1]), "its size is no number, or 100 million or more")
    for line in signatures[:-1].split("\n"):
        parts = need(re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line), "not a signature line: " + line)
        signature = base64.b64decode(parts[2], validate=True)
        for key in [log, *witnesses]:
            if (key.name, key.id) == (parts[1], signature[:4]):
                time = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[4:12], "big")
                told, before = (signature[4:], b"") if key is log else (signature[12:], time)
                key.verify(told, before + body.encode() + b"\n")
                signed.append(key)
    cosigners = sorted({key.name for key in signed if key is not log})
    need(log in signed, "the log itself has not signed it")
    need(quorum(signed), f"without the quorum: cosigned by {cosigners or 'nobody'}")
    return int(lines[1]), base64.b64decode(lines[2], validate=True), cosigners

def tree_hash(hashes):  # RFC 9162
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + tree_hash(hashes[:half]) + tree_hash(hashes[half:])).digest()

def tile_path(level, place, width):
    number = "%03d" % place if place < 1000 else "x%03d/%03d" % divmod(place, 1000)
    return f"tile/{level}/{number}" + (f".p/{width}" if width < 256 else "")

def read_entry(raw):
    text = raw.decode("ascii")
    need(ENTRY.fullmatch(text), "not of the form of an entry")
    entry = parse(text)
    names = " ".join(entry.get("p", ()))
    need(write(entry) == text and entry["sd"] == sorted({*entry["sd"]}), "not canonical")
    need(names == ACTS.get(entry["t"], names), f"not the p of {entry['t']}")
    return entry

def subjects_of(kind, categories, sums):  # in order: subject, category, facts by metric and day
    rows = {name: {} for name in sorted(categories) if name.startswith(LETTER[kind])}
    for (subject, metric, day), both in sums.items():
        if subject in rows:
            rows[subject].setdefault(metric, {})[day] = both
    return [(name, categories[name], rows[name]) for name in rows]

def window(rows, metric, days, today):  # Σ n of so many days
    return sum(n for day, (n, _) in rows.get(metric, {}).items() if today - days < day <= today)

def decayed(rows, metric, decay, today):  # Σ w·n, Σ w²·n and Σ w·x (1)
    weights, tail = decay["weights"], decay["tail"]
    past = [(weights[today - day] if today - day < len(weights) else tail, n, x)
            for day, (n, x) in rows.get(metric, {}).items() if day <= today]
    return [sum(part) for part in zip([0] * 3, *((w * n, (w * w >> 32) * n, w * x) for w, n, x in past))]

def evidence(policy, item, rows, day):  # good, bad, n*, mean of a level, empty, is measured (2)-(4), (8)
    told = item["evidence"]
    if told["kind"] == "level":
        units = [max(0, window(rows, part["metric"], day + 1, day)) for part in told["parts"]]
        mean = sum(part["each"] * min(has, part["cap"]) for part, has in zip(told["parts"], units))
        return 0, 0, 0, min(MILLION, mean), not any(units), any(units)
    decay, good_is_x = policy.decays[item["decay"]], told["good"] == "x"
    of, against = ([decayed(rows, metric, decay, day) for metric in told[key]] for key in ("of", "against"))
    less = [(part["weight"], decayed(rows, part["metric"], decay, day)[0]) for part in told["less"]]
    n, square = (max(0, sum(each[part] for each in of + against)) for part in (0, 1))
    x = sum(each[2 if good_is_x else 0] for each in of) - sum(weight * lost for weight, lost in less)
    sums, unit = (min(max(x, 0), n), max(n - x, 0), n, square), UNITS.get(told["of"][0], 1000)
    good, bad, milli, milli2 = (part * unit >> 32 for part in sums)
    effective = max(milli, milli * milli // milli2) if milli2 > 0 else milli
    shows = good > 0 if good_is_x else any(lost > 0 for _, lost in less) or any(n > 0 for n, *_ in against)
    return good, bad, effective, None, good + bad == 0, shows

def fit(seen, usual, least, source, otherwise):  # by (N, good) of enough subjects (5)-(7)
    rows = [(n, x, n * n, x * x // n) for n, x in seen]
    subjects, (n, x, nn, xxn) = len(seen), [sum(part) for part in zip([0] * 4, *rows)]
    moments = {"subjects": subjects, "n": str(n), "x": str(x), "nn": str(nn), "xxn": str(xxn)}
    if subjects < least:
        return {**otherwise, "moments": moments}
    mean, degrees = (MILLION * x + 1000 * usual["mean"]) // (n + 1000), 1000 * (subjects - 1)
    above = ((xxn * n - x * x) * n - degrees * x * (n - x)) * n
    below = x * (n - x) * (n * n - nn - degrees * n)
    strength = usual["strength"] * 1000
    if below > 0:
        told = math.isqrt((n * n - nn) ** 2 // (2 * n * n * (subjects - 1)))
        found = told if above <= 0 else 0 if above >= below else 1000 * (below - above) // above
        strength = max(2000, min(found, told, MILLION))
    return {"from": source, "mean": mean, "moments": moments, "strength": strength}

def fit_epoch(policy, subjects, day):  # priors as log-format.md writes them (5)-(8)
    indicators, least = [], policy.categorySubjectsMin
    for item in policy.indicators:
        usual, measured, inside = item["prior"], False, {}
        for _, category, rows in subjects:
            good, bad, _, _, _, shows = evidence(policy, item, rows, day)
            measured = measured or shows
            if good + bad > 0:
                inside.setdefault(category, []).append((good + bad, good))
        by_policy = {"from": "policy", "mean": usual["mean"], "strength": usual["strength"] * 1000}
        general = fit(sum(inside.values(), []), usual, least, "marketplace", by_policy)
        own = {name: fit(seen, usual, least, "category", general) for name, seen in inside.items() if name}
        indicators.append(dict(id=item["id"], measured=measured, marketplace=general, categories=own))
    return {"day": day, "format": "probity-epoch/1", "indicators": indicators, "policy": policy.id}

def shares(total, counts):  # proportional, by differences of running sums (9)
    ends = [total * run // (sum(counts) or 1) for run in itertools.accumulate(counts, initial=0)]
    return [end - start for start, end in zip(ends, ends[1:])]

def score(policy, priors, rows, day):  # points and maxima of dimensions (micro), bound (9)-(12)
    live = {dimension["id"]: [] for dimension in policy.dimensions}
    for item, prior in zip(policy.indicators, priors):
        found = evidence(policy, item, rows, day)
        if prior["measured"] and not (found[4] and item["whenEmpty"] == "hand-over"):
            live[item["dimension"]].append((item, found, prior))
    inner = [[item["points"] for item, _, _ in inside] for inside in live.values()]
    maxima = shares(10**9, [min(item["points"], 2 * sum(own)) for item, own in zip(policy.dimensions, inner)])
    points, variance = [0] * len(live), 0
    for place, inside in enumerate(live.values()):
        for (item, found, prior), top in zip(inside, shares(maxima[place], inner[place])):
            (good, bad, effective, mean, _, _), table, k, error = found, item["table"], prior["strength"], 0
            if mean is None:
                mean = (MILLION * good + k * prior["mean"]) // (good + bad + k)
                error = math.isqrt(10**7 * mean * (MILLION - mean) // (effective + k + 1000))
            (x, y), (end_x, end_y) = [pair for pair in zip(table, table[1:]) if pair[0][0] <= mean][-1]
            dx, dy = end_x - x, end_y - y
            points[place] += top * (1000 * (y * dx + dy * (mean - x)) // dx) // MILLION
            variance += min(top * dy // dx * error // 10**8, top // 1000) ** 2
    zn, zd = policy.bound["zNumerator"], policy.bound["zDenominator"]
    return points, maxima, max(0, sum(points) * zd - 1000 * zn * math.isqrt(variance)) // (zd * MILLION)

def apportion(total, parts, ids, limits):  # whole numbers that add up to `total` (13)
    whole = [part // MILLION for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (-(parts[place] % MILLION), ids[place]))
    for place in order * len(order):
        whole[place] += sum(whole) < total and whole[place] < limits[place]
    need(sum(whole) == total, "a policy by which whole points do not add up")
    return whole

def steady_grade(policy, bounds):  # place in GRADES after bounds of a window, oldest first (14)
    least = [item["min"] for item in policy.grades]
    margin, days = policy.hysteresis["margin"], policy.hysteresis["days"]
    held = min(place for place, needs in enumerate(least) if min(bounds) >= needs)
    for day, bound in enumerate(bounds, 1):
        recent = bounds[day - days:day] if day >= days else [-1, MILLION]
        up = [place for place in range(held) if bound >= least[place] + margin or min(recent) >= least[place]]
        while not up and (bound < least[held] - margin or max(recent) < least[held]):
            held += 1
        held = up[0] if up else held
    return GRADES.index(policy.grades[held]["grade"])

def holds(rows, days, day, item):  # a condition of the floor or a red line (15) (16)
    def milli(metric):
        return window(rows, metric, days, day) * UNITS.get(metric, 1000)
    n, part = milli(item["metric"]), item.get("share")
    return n >= 1000 * item["min"] and (not part or n * MILLION >= part["min"] * max(0, milli(part["of"])))

def rate_all(policy, priors, subjects, links, day):  # lines as log-format.md writes them
    own, lines, ids, floor = {}, [], [dimension["id"] for dimension in policy.dimensions], policy.floor
    for subject, category, rows in subjects:
        fitted = [{**item, **item["categories"].get(category, item["marketplace"])} for item in priors]
        scored = [score(policy, fitted, rows, day - back) for back in range(policy.window)]
        (points, maxima, bound), live = scored[0], any(scored[0][1])
        caps = [GRADES.index(line["cap"]) for line in policy.redLines
                if all(holds(rows, line["windowDays"], day, item) for item in line["when"])]
        if live and all(holds(rows, floor["windowDays"], day, item) for item in floor["conditions"]):
            own[subject] = max([steady_grade(policy, [bound for _, _, bound in reversed(scored)]), *caps])
        limits, total = apportion(1000 * live, maxima, ids, [1000] * len(ids)), sum(points) // MILLION
        lines.append([subject, "too-early", total, bound, None, None, apportion(total, points, ids, limits)])
    grade = dict(own)
    for (one, other), linked in links.items():
        if linked and one in own and other in own:
            grade[one], grade[other] = max(grade[one], own[other]), max(grade[other], own[one])
    for line in lines:
        if line[0] in own:
            line[1], line[4], line[5] = "rated", GRADES[grade[line[0]]], GRADES[own[line[0]]]
    return [write(line).encode() for line in lines]

class Audit:  # `at` is what it looks at, the place of a failure
    def __init__(self, options):
        self.options, self.at, self.report = options, "URL", dict.fromkeys("origin size root facts".split())
        self.report.update(entries=0, acts=0, epochs=0, ratings=0, lines=0)
        self.categories, self.sums, self.links = {}, {}, {}  # sums by (subject, metric, day)
        self.until, self.prefixes, self.published, self.epochs = {}, {}, {}, {}
    def run(self):
        options, address = self.options, r"(https?://[^/?#\s]+[^?#\s]*?)(?:/log/([^/?#\s]+)(/[0-9]+)?)?/?"
        parts = need(re.fullmatch(address, options.url), "not the address of a server or of a log")
        name = "/log/" + (parts[2] or options.marketplace)
        self.base, self.at = parts[1] + name, "trust-policy"
        if not options.policy:
            print("warning: without --policy the audited server itself names the keys", file=sys.stderr)
        trust = open(options.policy, "rb").read() if options.policy else self.get("trust-policy")
        logs, witnesses, quorum = read_trust(trust)
        origin = re.compile(".*" + re.escape(name) + (parts[3] or "(/[0-9]+)?"))
        *_, log = need([log for log in logs if origin.fullmatch(log.name)], "names no log of this address")
        self.base += log.name.rpartition(name)[2]
        size, root, signed = read_checkpoint(self.get("checkpoint"), log, witnesses, quorum)
        self.report.update(origin=log.name, size=size, root=root.hex())
        print(f"{ascii(log.name)}: {size} entries, root {root.hex()}, cosigned by {ascii(signed)}")
        limit = size if options.as_of is None else options.as_of
        need(0 <= limit <= size, f"is of {size} entries, fewer than --as-of asks for")
        leaves = self.read_tree(size, root)
        self.read_hints(limit)
        self.read_bundles(leaves, limit)
        rows = sorted("%s %s %d %d %d\n" % (*key, n, x) for key, (n, x) in self.sums.items() if n or x)
        self.report["facts"] = facts = sha256("".join(rows).encode()).hexdigest()
        print(f"first {limit} entries: root {tree_hash(leaves[:limit]).hex()}, SHA-256 of facts {facts}")
    def get(self, path, may_miss=False):  # the answer, or None
        self.at, key = path, self.options.key
        asked = Request(f"{self.base}/{path}", headers={"Authorization": f"Bearer {key}"} if key else {})
        with WEB.open(asked, timeout=60) as answer:
            status, body = answer.status, answer.read(ANSWER_MAX + 1)
        need(len(body) <= ANSWER_MAX, f"an answer of more than {ANSWER_MAX} bytes")
        hint = ": give --key" if status in (401, 403) else ""
        need(status == 200 or may_miss and status == 404, f"HTTP {status}{hint}")
        return body if status == 200 else None
    def read_tree(self, size, root):  # leaf hashes; each whole tile hashes to its place in the level above
        above = []
        for level in reversed(range(4)):
            here, count = [], size >> 8 * level
            for first in range(0, count, 256):
                width = min(256, count - first)
                data = self.get(tile_path(level, first // 256, width))
                need(len(data) == 32 * width, f"is of {len(data)} bytes")
                here += [data[start:start + 32] for start in range(0, len(data), 32)]
                fits = width < 256 or tree_hash(here[first:]) == above[first // 256]
                need(fits, "does not hash to what the tile above says")
            above = here
        self.at = "checkpoint"
        need(tree_hash(above) == root, f"its root is not that of the tiles, {tree_hash(above).hex()}")
        return above
    def read_hints(self, limit):  # prefixes that acts ask for: size, and place of the last such act
        start = 0
        while start is not None and start < limit:
            answer = parse(self.get(f"acts?from={start}").decode("utf-8"))
            for place, kind, size in answer["acts"]:
                if kind in ("epoch.begun", "ratings.published") and size <= place < limit:
                    self.until[size] = max(place, self.until.get(size, 0))
            before, start = start, answer["next"]
            need(start is None or start > before, "does not come to an end")
    def read_bundles(self, leaves, limit):
        for first in range(0, len(leaves), 256):
            here = leaves[first:first + 256]
            path = tile_path("entries", first // 256, len(here))
            bundle, start = self.get(path), 0
            for place, leaf in enumerate(here, first):
                self.at = f"{path} entry {place}"
                end = start + 2 + int.from_bytes(bundle[start:start + 2], "big")
                raw, start = bundle[start + 2:end], end
                need(sha256(b"\0" + raw).digest() == leaf, f"is not what the tree has there: {raw}")
                entry = read_entry(raw)
                if place < limit:
                    self.read_one(place, entry)
            need(start == len(bundle), "bytes after the last entry")
            self.report["entries"] += len(here)
            if first % 12800 == 0:
                print(f"{self.report['entries']} of {len(leaves)} entries", file=sys.stderr)
    def read_one(self, place, entry):
        if place in self.until:  # an act will ask for the prefix before this entry
            need(len(self.prefixes) < PREFIXES_MAX, "/acts speaks of too many prefixes at once")
            self.prefixes[place] = dict(self.categories), dict(self.sums), dict(self.links)
        self.categories.update(entry.get("c", ()))
        for subject, metric, day, n, x in entry["d"]:
            need(subject in self.categories, f"facts of {subject}, which no entry has named")
            before = self.sums.get((subject, metric, day), (0, 0))
            self.sums[subject, metric, day] = before[0] + n, before[1] + x
        kind, p = entry["t"], entry.get("p")
        self.report["acts"] += kind in ACTS
        if kind == "policy.published":
            self.published[p["policy"]] = p["kind"]
        elif kind == "merchant.linked":
            self.links[p["merchant"], p["to"]] = p["holds"]
        elif kind in ACTS:
            need(p["logSize"] in self.prefixes, f"speaks of the first {p['logSize']} entries, unlike /acts")
            (self.check_epoch if kind == "epoch.begun" else self.check_ratings)(place, p)
            self.prefixes = {size: facts for size, facts in self.prefixes.items() if self.until[size] > place}
    def read_policy(self, name, kind):
        need(self.published.get(name) == kind, "a policy that no act has published for this kind")
        here, raw = self.at, self.get(f"policies/{name}")
        told = parse(raw.decode("utf-8"))
        need(sha256(raw).hexdigest() == name and write(told).encode() == raw, "other, or not canonical JSON")
        policy = types.SimpleNamespace(id=name, window=2 * told["hysteresis"]["days"] + 1, **told)
        need(policy.subject == kind, f"not a policy for a {kind}")
        longest = max(len(policy.indicators), len(policy.dimensions))
        need(1 <= policy.window <= 29 and longest <= 64, "too long for a policy")
        self.at = here
        return policy
    def check_epoch(self, _, p):
        policy, (categories, sums, _) = self.read_policy(p["policy"], p["kind"]), self.prefixes[p["logSize"]]
        priors = fit_epoch(policy, subjects_of(p["kind"], categories, sums), p["day"])
        digest = sha256(write(priors).encode()).hexdigest()
        need(digest == p["priors"], f"priors are {p['priors']} by the log, {digest} by its facts")
        self.epochs[p["kind"], p["epoch"]] = policy, priors["indicators"]
        self.report["epochs"] += 1
    def check_ratings(self, place, p):
        policy, priors = self.epochs.get((p["kind"], p["epoch"]), (None, None))
        need(policy and policy.id == p["policy"], "by an epoch that has not begun or has another policy")
        (categories, sums, links), path = self.prefixes[p["logSize"]], f"ratings/{place}"
        lines = rate_all(policy, priors, subjects_of(p["kind"], categories, sums), links, p["day"])
        served = self.get(path, may_miss=True)
        if served is None:
            print(f"{path}: not served, checked by its root")
        pairs = itertools.zip_longest(served.split(b"\n"), [*lines, b""]) if served is not None else ()
        for number, (there, here) in enumerate(pairs, 1):
            subject = (here or there or b"")[2:].split(b'"')[0].decode("ascii", "replace")
            self.at = f"{path} line {number} ({subject})"
            need(there == here, f"is {there}, the facts make it {here}")
        self.at, root = path, tree_hash([sha256(b"\0" + line).digest() for line in lines]).hex()
        need(p["subjects"] == len(lines), f"{p['subjects']} subjects by the log, {len(lines)} by its facts")
        need(p["root"] == root, f"root {p['root']} by the log, {root} by its facts")
        self.report["ratings"] += 1
        self.report["lines"] += len(lines)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Audits a marketplace by what its public log serves.")
    parser.add_argument("url", help="the server, or a log: https://host/log/main")
    parser.add_argument("--marketplace", default="main", help="which log, where URL is the server's")
    parser.add_argument("--as-of", type=int, help="facts and ratings of the first so many entries only")
    parser.add_argument("--policy", help="trust policy (C2SP tlog-policy) from elsewhere than the server")
    parser.add_argument("--key", help="API key with the right log:read")
    parser.add_argument("--json", action="store_true", help="last line is a JSON object")
    audit, failure, line = Audit(parser.parse_args()), None, "FAILED: {failure[where]}: {failure[what]}"
    try:
        audit.run()
        line = "OK: {entries} entries, {ratings} ratings checked, {lines} lines, {epochs} epochs, {acts} acts"
    except Exception as error:  # by need(), or what no answer or a malformed one leads to
        kind = "" if isinstance(error, AssertionError) else f"cannot be used: {type(error).__name__} "
        failure = {"where": audit.at, "what": f"{kind}{error}"}
    report = {"ok": failure is None, **audit.report, "failure": failure}
    print(json.dumps(report) if audit.options.json else ascii(line.format_map(report))[1:-1][:1000])
    sys.exit(1 if failure else 0)
