import type { EmailSign } from '../model/datasets.ts';

/** An e-mail address as it is compared. */
export interface CanonicalEmail {
  /** `local@domain`, or the whole text when there is no address in it. */
  readonly address: string;
  readonly local: string;
  /** Null when the text holds no domain. */
  readonly domain: string | null;
  readonly sign: EmailSign;
}

const addressPattern = /^[^\s@"(),:;<>[\]\\]+@[^\s@.,]+(\.[^\s@.,]+)+$/;

/** Providers of addresses that live for minutes; a sign only, never proof. */
const disposableDomains = new Set(
  `10minutemail.com 20minutemail.com 33mail.com anonbox.net burnermail.io discard.email dispostable.com
  emailondeck.com fakeinbox.com getairmail.com getnada.com grr.la guerrillamail.biz guerrillamail.com
  guerrillamail.de guerrillamail.net guerrillamail.org inboxbear.com inboxkitten.com jetable.org
  mail-temp.com mailcatch.com maildrop.cc mailinator.com mailinator.net mailnesia.com mailnull.com
  mailsac.com mintemail.com moakt.com mohmal.com mytemp.email mytrashmail.com nada.email
  sharklasers.com spam4.me spambox.us spamgourmet.com temp-mail.io temp-mail.org tempail.com
  tempinbox.com tempmail.com tempmailaddress.com tempr.email throwaway.email throwawaymail.com
  tmpmail.net tmpmail.org trash-mail.com trashmail.com trashmail.de trashmail.net wegwerfmail.de
  yopmail.com yopmail.fr yopmail.net`.split(/\s+/),
);

const legalForms = new Set(
  `ab ag aps as asa bv bvba co company corp corporation eg ek ev gbr gmbh inc incorporated kg kgaa kk
  limited llc llp lp ltd mbh nv ohg ou oy oyj plc pte pty sa sarl sas se sl spa srl sro ug`.split(/\s+/),
);

/**
 * The form two spellings of one address share: NFKC, lower case, trimmed, without the `+tag`, and for
 * Gmail without dots and under one domain.
 * @example canonicalEmail('Jo.Doe+x@GoogleMail.com').address // => 'jodoe@gmail.com'
 */
export function canonicalEmail(text: string): CanonicalEmail {
  const plain = text.normalize('NFKC').toLowerCase().trim();
  const at = plain.lastIndexOf('@');
  if (at <= 0 || at === plain.length - 1)
    return { address: plain, local: plain, domain: null, sign: 'malformed' };
  const domain = plain.slice(at + 1) === 'googlemail.com' ? 'gmail.com' : plain.slice(at + 1);
  const plus = plain.indexOf('+');
  let local = plain.slice(0, plus > 0 && plus < at ? plus : at);
  if (domain === 'gmail.com') local = local.replaceAll('.', '');
  const isAddress = addressPattern.test(plain);
  const sign = !isAddress ? 'malformed' : disposableDomains.has(domain) ? 'disposable' : 'ok';
  return { address: `${local}@${domain}`, local, domain, sign };
}

/**
 * A local part and every string one deletion away from it: two local parts at most one insertion,
 * deletion or substitution apart have one of these in common.
 * @example deletionNeighbours('abc') // => ['abc', 'bc', 'ac', 'ab']
 */
export function deletionNeighbours(local: string): readonly string[] {
  const all = new Set([local]);
  // Longer than an address may be: its own form is enough to compare it by.
  if (local.length <= 64)
    for (let i = 0; i < local.length; i += 1) all.add(local.slice(0, i) + local.slice(i + 1));
  return [...all];
}

/**
 * The form two spellings of one company share: NFKC, lower case, without accents, punctuation and the
 * legal forms at its end.
 * @returns null when nothing is left.
 * @example canonicalCompany('Müller & Söhne GmbH & Co. KG') // => 'muller sohne'
 */
export function canonicalCompany(text: string): string | null {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}.'\u2019]/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  while (words.length > 1 && legalForms.has(words.at(-1)!)) words.pop();
  return words.length === 0 ? null : words.join(' ');
}

/** A person's name or login as it is compared: NFKC, lower case, trimmed. */
export function canonicalPerson(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
