"use strict";
// Trials switched on and off. Every number was computed before and is looked up here; this file only places marks.

function explorer(root) {
	const part = (name) => root.querySelector(`[data-is=${name}]`);
	const data = JSON.parse(root.querySelector("script").textContent);
	const { decimals: [digits, , , , , ofTau2], words } = data;
	const views = data.views.map((view) => ({ ...data.views[view.like], ...view }));
	const off = new Set(); // rows of the data file
	const listed = part("trials"), box = part("about");
	let view = views[0], model = 0, order = "listed", lines = [];

	// A whole number of so many decimals, whose point the scale may move.
	function text(n, decimals = digits, shift = view.shift) {
		const shown = (n / 10 ** (decimals - shift)).toFixed(decimals - shift).replace("-", "\u2212");
		return n < 2 ** (8 * view.bytes - 1) - 1 ? shown : `${words.over} ${shown}`;
	}

	const range = (low, high) => `${text(low)} to ${text(high)}`;

	// Where a number stands on the axis, in percent of its width.
	function place(n) {
		const x = n / 10 ** digits;
		return (100 * ((view.ratio ? Math.log(x) : x) - view.low)) / (view.high - view.low);
	}

	// The numbers of the trials that are on, null for what there is not; undefined when they were not computed.
	function look(out) {
		const k = view.trials.length, [i, j] = out;
		let row = [0, 1 + i, 1 + k + (i * (2 * k - i - 1)) / 2 + (j - i - 1)][out.length];
		if (view.most === null) row = 2 ** k - 2 - out.reduce((mask, at) => mask + 2 ** at, 0);
		if (!(row >= 0)) return undefined;
		view.table ??= unpack(view);
		const wide = data.decimals.length, start = (model * view.sets + row) * wide;
		return [...view.table.slice(start, start + wide)].map((n) => (n === -(2 ** (8 * view.bytes - 1)) ? null : n));
	}

	function show(lost) {
		const out = view.trials.flatMap((trial, i) => (off.has(trial.row) ? [i] : []));
		const numbers = look(out);
		for (const { trial, line, tick } of lines) {
			tick.checked = !off.has(trial.row);
			line.classList.toggle("off", !tick.checked);
		}
		const on = view.trials.length - out.length, start = `${on} of ${view.trials.length}`;
		const names = out.map((i) => view.trials[i].label).join(", ");
		part("said").textContent = [lost && words.lost, `${start} ${words.trials}.`, ...said(on, numbers), names && `${words.off}: ${names}.`].filter(Boolean).join(" ");
		pooled(on === 1 ? words.alone : `${words.pooled}, ${start}`, numbers ?? []);
		part("reset").disabled = !out.length;
	}

	function said(on, numbers) {
		if (!on || !numbers) return [on ? words.missing : words.none];
		const [mu, low, high, from, to, tau2, i2, status] = numbers;
		if (mu === null) return [words.lacking];
		const interval = low === null ? words.refused : `${data.level} ${words.interval} ${range(low, high)}`;
		return [
			`${view.title}: ${text(mu)} (${interval}).`,
			on === 1 && words.one,
			from !== null && `${words.prediction} ${range(from, to)}.`,
			tau2 !== null && `\u03c4\u00b2 ${text(tau2, ofTau2, 2 * view.shift)}, I\u00b2 ${i2} %.`,
			status === data.several && words.several,
		];
	}

	// A stretch of the axis, cut at its ends.
	function mark(name, low, high) {
		const [from, to] = [place(low), place(high)].map((x) => Math.min(Math.max(x, 0), 100));
		const cut = (place(low) < 0 ? " low" : "") + (place(high) > 100 ? " high" : "");
		return tag("i", { className: name + cut, style: `left:${from}%;width:${to - from}%` });
	}

	const track = (...marks) =>
		tag("span", { className: "track", ariaHidden: "true" }, mark("zero", ...Array(2).fill(view.ratio ? 10 ** digits : 0)), ...marks);

	function pooled(name, [mu, low = null, high, from = null, to]) {
		const marks = from === null ? [] : [mark("new", from, to)];
		if (low !== null) {
			const shape = mark("diamond", low, high);
			const peak = (100 * (place(mu) - parseFloat(shape.style.left))) / (parseFloat(shape.style.width) || 1);
			shape.style.clipPath = `polygon(0 50%, ${peak}% 0, 100% 50%, ${peak}% 100%)`;
			marks.push(shape);
		}
		part("pooled").replaceChildren(
			tag("strong", { textContent: name }),
			tag("span", { className: "effect", textContent: low === null ? "" : `${text(mu)} (${range(low, high)})` }),
			track(...marks),
			tag("span", { className: "ticks" }, ...view.ticks.map(([at, textContent]) => tag("b", { textContent, style: `left:${at}%` }))),
			tag("span", { className: "favours" }, ...view.favours.map((textContent) => tag("span", { textContent }))),
		);
	}

	// What was printed, how it became an effect, and where it can be read; it stands after the row it is about.
	function about({ trial, line }) {
		if (!box.hidden && (box.parentElement === line || box.contains(document.activeElement))) return;
		const terms = trial.said.flatMap((pair) => pair.map((textContent, i) => tag(i ? "dd" : "dt", { textContent })));
		const links = [tag("a", { href: `#trial-${trial.row}`, textContent: words.entry })];
		if (/^https?:\/\//.test(trial.address)) links.unshift(tag("a", { href: trial.address, rel: "noreferrer", textContent: words.source }));
		const weight = tag("p", { textContent: `${words.weight}: ${trial.weight} %` });
		box.replaceChildren(tag("strong", { textContent: trial.label }), tag("dl", {}, ...terms), weight, tag("p", {}, ...links));
		line.append(box);
		hide(false);
	}

	function hide(hidden) {
		box.hidden = hidden;
		for (const { line, more } of lines) more.ariaExpanded = String(!hidden && box.parentElement === line);
	}

	const orders = {
		listed: () => 0,
		weight: (a, b) => b.weight - a.weight,
		year: (a, b) => (a.year ?? 9999) - (b.year ?? 9999),
		effect: (a, b) => a.numbers[0] - b.numbers[0],
		name: (a, b) => a.label.localeCompare(b.label, "en"),
	};

	function list() {
		root.append(box); // out of the rows that go
		hide(true);
		lines = [...view.trials].sort(orders[order]).map(row);
		listed.replaceChildren(...lines.map(({ line }) => line));
	}

	function row(trial) {
		const id = `${root.id}-${view.trials.indexOf(trial)}`, [y, low, high] = trial.numbers;
		const tick = tag("input", { type: "checkbox", id });
		tick.setAttribute("aria-describedby", `${id}-effect`);
		const square = mark("square", y, y);
		square.hidden = square.className !== "square";
		square.style.setProperty("--size", trial.size);
		const effect = tag("span", { className: "effect", id: `${id}-effect`, textContent: `${text(y)} (${range(low, high)})` });
		const label = tag("label", { htmlFor: id, textContent: trial.label });
		const more = tag("button", { type: "button", className: "more", textContent: words.source, ariaLabel: `${words.source}: ${trial.label}` });
		const line = tag("li", {}, tick, label, effect, track(mark("line", low, high), square), more);
		const found = { trial, line, tick, more };
		tick.addEventListener("change", () => {
			off[tick.checked ? "delete" : "add"](trial.row);
			changed();
		});
		// On a wide screen it stands beside the row; on a narrow one it would push rows away from under the finger.
		for (const event of ["focusin", "pointerenter"]) line.addEventListener(event, () => wide.matches && about(found));
		more.addEventListener("click", () => (more.ariaExpanded === "true" ? hide(true) : about(found)));
		return found;
	}

	// The state as the end of the page's address, and back.
	function changed() {
		const out = view.trials.map((trial) => trial.row).filter((one) => off.has(one));
		const state = new URLSearchParams({ method: view.models[model], scale: view.title, order, off: out.join(" ") });
		history.replaceState(null, "", `#${root.id}:${state}`);
		show();
	}

	function read() {
		if (!location.hash.startsWith(`#${root.id}:`)) return false;
		const given = new URLSearchParams(location.hash.slice(root.id.length + 2));
		let lost = false;
		const pick = (name, options) => {
			const at = options.indexOf(given.get(name));
			lost ||= at < 0;
			return Math.max(at, 0);
		};
		view = views[pick("scale", views.map((one) => one.title))];
		model = pick("method", view.models);
		order = Object.keys(orders)[pick("order", Object.keys(orders))];
		off.clear();
		for (const one of (given.get("off") ?? "").split(" ").filter(Boolean)) {
			if (view.trials.some((trial) => trial.row === one)) off.add(one);
			else lost = true;
		}
		all(lost);
		return true;
	}

	function all(lost = false) {
		const fill = (name, options, chosen) =>
			part(name).replaceChildren(...options.map((textContent, value) => tag("option", { textContent, value, selected: value === chosen })));
		fill("view", views.map((one) => one.title), views.indexOf(view));
		fill("model", view.models, model);
		part("order").value = order;
		list();
		show(lost);
	}

	const choose = (name, act) => part(name).addEventListener(name === "reset" ? "click" : "change", (event) => {
		act(event.target.value);
		changed();
	});
	choose("view", (value) => {
		const name = view.models[model];
		view = views[value];
		model = Math.max(view.models.indexOf(name), 0);
		all();
	});
	choose("model", (value) => (model = Number(value)));
	choose("order", (value) => {
		order = value;
		list();
	});
	choose("reset", () => off.clear());
	root.addEventListener("keydown", (event) => event.key === "Escape" && hide(true));
	addEventListener("hashchange", read);

	root.hidden = false;
	if (read()) root.scrollIntoView();
	else all();
}

function tag(name, properties, ...children) {
	const one = Object.assign(document.createElement(name), properties);
	one.append(...children);
	return one;
}

function unpack({ numbers, bytes }) {
	const { buffer } = Uint8Array.from(atob(numbers), (letter) => letter.charCodeAt(0));
	return bytes === 2 ? new Int16Array(buffer) : new Int32Array(buffer);
}

const wide = matchMedia("(min-width: 64rem)");
document.querySelectorAll(".explorer").forEach(explorer);
