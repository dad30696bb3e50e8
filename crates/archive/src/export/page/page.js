'use strict';
(() => {
  const about = JSON.parse(document.getElementById('about').textContent);
  const at = id => document.getElementById(id);
  const make = (tag, cls) => { const node = document.createElement(tag); if (cls) node.className = cls; return node; };
  const chunks = about.talks.map(() => []);
  for (const node of document.querySelectorAll('script[data-c]')) chunks[node.dataset.c].push(node);
  const CAP = 5000, SIZE = 200;
  let lang = about.lang, talk = 0, page = 0, found = null, query = '', run = 0;
  const word = slug => about.words[lang][slug] || slug;
  const rows = node => JSON.parse(node.textContent);

  // Marks that turn text around, and characters that do nothing but act, are shown by their number.
  const ACTS = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069])/;
  const put = (node, text) => {
    for (const part of String(text).split(ACTS)) {
      if (ACTS.test(part) && part.length === 1) {
        const code = make('span', 'code');
        code.textContent = '\u27e8U+' + part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0') + '\u27e9';
        node.append(code);
      } else if (part) marked(node, part);
    }
    return node;
  };
  const marked = (node, text) => {
    const low = text.toLowerCase();
    if (!query || low.length !== text.length) { node.append(text); return; }
    let from = 0;
    for (let hit; (hit = low.indexOf(query, from)) >= 0; from = hit + query.length) {
      const mark = make('mark');
      mark.textContent = text.slice(hit, hit + query.length);
      node.append(text.slice(from, hit), mark);
    }
    node.append(text.slice(from));
  };
  const bdi = text => { const node = make('bdi'); node.dir = 'auto'; return put(node, text); };

  const line = (label, parts) => {
    const node = make('p', 'about');
    node.append(word(label), ': ');
    parts.forEach((part, i) => { if (i) node.append(', '); node.append(bdi(part)); });
    return node;
  };
  const tag = text => put(Object.assign(make('span', 'tag'), { dir: 'auto' }), text);
  const button = (label, act) => {
    const node = make('button');
    node.type = 'button';
    node.textContent = label;
    node.addEventListener('click', act);
    return node;
  };

  const item = (row, place) => {
    const node = make('li', 'rec' + (row.k ? ' ' + row.k : ''));
    node.tabIndex = -1;
    const who = make('bdi', 'who');
    who.dir = 'auto';
    put(who, row.n || (row.k === 'system' ? word('system') : word('p_unknown')));
    const time = make('time');
    time.textContent = found ? about.talks[place[0]].name + ' · ' + row.t : row.t.slice(11);
    if (found) time.dir = 'auto';
    node.append(who, time);
    const tags = make('p');
    if (row.k && row.k !== 'system') tags.append(tag(word(row.k) + (row.g ? ': ' + row.g : '')));
    if (row.v) tags.append(tag(word('recalled')));
    if (row.c) tags.append(tag(word(row.c)));
    for (const [name, bytes] of row.a || []) tags.append(tag(word('file') + ': ' + name + (bytes == null ? '' : ' (' + bytes.toLocaleString(lang) + ' B)')));
    if (row.d) tags.append(tag(word('p_edited') + ': ' + row.d));
    if (tags.childNodes.length) node.append(tags);
    if (row.x) { const text = make('p', 'text'); text.dir = 'auto'; node.append(put(text, row.x)); }
    if (row.m) node.append(line('p_mentions', row.m.map(name => name === '*' ? word('p_all') : name)));
    if (row.e) node.append(line('p_reactions', row.e.map(([key, count, by]) => key + ' ' + count + (by.length ? ' (' + by.join(', ') + ')' : ''))));
    if (row.h) node.append(line('p_thread', [row.h]));
    if (found) node.append(button(word('p_show'), () => show(place)));
    else if (row.r) { node.append(line('p_answers', [row.r]), button(word('p_show_answered'), () => seek(row.r))); }
    return node;
  };

  const shown = () => found ? found.hits.slice(page * SIZE, page * SIZE + SIZE) : null;
  const pages = () => Math.max(1, found ? Math.ceil(found.hits.length / SIZE) : chunks[talk].length);

  const draw = () => {
    const list = at('list');
    list.textContent = '';
    let day = '';
    const add = (row, place) => {
      if (!found && row.t.slice(0, 10) !== day) {
        day = row.t.slice(0, 10);
        const head = make('li', 'dayline');
        head.textContent = day;
        list.append(head);
      }
      list.append(item(row, place));
    };
    const hits = shown();
    if (hits) {
      let last = null, data = null;
      for (const place of hits) {
        const node = chunks[place[0]][place[1]];
        if (node !== last) { last = node; data = rows(node); }
        add(data[place[2]], place);
      }
    } else if (chunks[talk].length) rows(chunks[talk][page]).forEach((row, i) => add(row, [talk, page, i]));
    pagers();
  };

  const pagers = () => {
    const last = pages() - 1;
    for (const nav of document.querySelectorAll('.pager')) {
      nav.textContent = '';
      nav.setAttribute('aria-label', word(nav.dataset.l));
      const to = (label, target, off) => {
        const node = button(word(label), () => { page = target; draw(); at('main').focus(); });
        node.disabled = off;
        nav.append(node);
      };
      to('p_first', 0, page === 0);
      to('p_previous', page - 1, page === 0);
      const where = make('span');
      where.textContent = word('p_page') + ' ' + (page + 1) + ' / ' + (last + 1);
      nav.append(where);
      to('p_next', page + 1, page >= last);
      to('p_last', last, page >= last);
      nav.hidden = last === 0;
    }
  };

  const aim = index => {
    const node = document.querySelectorAll('#list .rec')[index];
    if (!node) return;
    node.classList.add('aim');
    node.scrollIntoView({ block: 'center' });
    node.focus();
  };
  const show = place => {
    found = null; query = ''; at('query').value = '';
    talk = place[0]; page = place[1];
    at('talk').value = String(talk);
    at('status').textContent = '';
    head(); draw(); aim(place[2]);
  };
  const seek = id => {
    const here = chunks[talk];
    for (let p = 0; p < here.length; p++) {
      const index = rows(here[p]).findIndex(row => row.i === id);
      if (index >= 0) { show([talk, p, index]); return; }
    }
    at('status').textContent = word('p_none');
  };

  const fits = row => [row.x, row.n, row.i, row.s, ...(row.a || []).map(file => file[0])]
    .some(text => text && text.toLowerCase().includes(query));
  const search = async () => {
    const mine = ++run;
    query = at('query').value.trim().toLowerCase();
    page = 0;
    if (!query) { found = null; at('status').textContent = ''; draw(); return; }
    const hits = [];
    at('status').textContent = word('p_searching');
    let paused = performance.now();
    for (let c = 0; c < chunks.length; c++) {
      for (let p = 0; p < chunks[c].length && hits.length < CAP; p++) {
        rows(chunks[c][p]).forEach((row, i) => { if (fits(row)) hits.push([c, p, i]); });
        if (performance.now() - paused > 40) {
          await new Promise(done => setTimeout(done));
          if (mine !== run) return;
          paused = performance.now();
        }
      }
    }
    found = { hits };
    at('status').textContent = hits.length ? word('p_found') + ': ' + (hits.length >= CAP ? CAP + '+' : hits.length) : word('p_none');
    draw();
  };

  const head = () => {
    const of = about.talks[talk];
    at('name').textContent = '';
    put(at('name'), of.name || of.id);
    document.title = (of.name || of.id) + ' · ' + word('p_title');
    const facts = [word('p_platform') + ': ' + about.platform, word('p_records') + ': ' + of.records.toLocaleString(lang)];
    if (of.first) facts.push(of.first + ' – ' + of.last, word('p_zone') + ' ' + about.zone);
    at('facts').textContent = facts.join(' · ');
    at('topic').textContent = '';
    at('topic').hidden = !of.topic;
    if (of.topic) put(at('topic'), of.topic);
    const names = at('names');
    names.textContent = '';
    for (const name of of.people) names.append(put(Object.assign(make('li'), { dir: 'auto' }), name));
    at('people').hidden = !of.people.length;
  };

  const speak = () => {
    document.documentElement.lang = lang;
    for (const node of document.querySelectorAll('[data-w]')) node.textContent = word(node.dataset.w);
    const kept = query;
    query = '';
    head();
    query = kept;
    draw();
  };

  about.talks.forEach((of, i) => at('talk').append(new Option((of.name || of.id) + ' (' + of.records + ')', String(i))));
  for (const one of Object.keys(about.words)) {
    const option = new Option(about.words[one].p_itself, one, false, one === lang);
    option.lang = one;
    at('lang').append(option);
  }
  at('talk').addEventListener('change', event => { talk = Number(event.target.value); page = 0; found = null; query = ''; at('query').value = ''; at('status').textContent = ''; head(); draw(); });
  at('lang').addEventListener('change', event => { lang = event.target.value; speak(); });
  at('theme').addEventListener('change', event => {
    if (event.target.value) document.documentElement.dataset.theme = event.target.value;
    else delete document.documentElement.dataset.theme;
  });
  let waiting = 0;
  at('query').addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(search, 200); });
  at('day').addEventListener('change', event => {
    const day = event.target.value;
    const here = chunks[talk];
    const target = here.findIndex(node => node.dataset.l >= day);
    if (!day || !here.length) return;
    const to = target < 0 ? here.length - 1 : target;
    const index = rows(here[to]).findIndex(row => row.t.slice(0, 10) >= day);
    show([talk, to, Math.max(0, index)]);
  });
  speak();
})();
