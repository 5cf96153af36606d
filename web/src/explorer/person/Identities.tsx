import type { ReactElement } from "react";

import type { IdentityKind, Role } from "../../gql/graphql";
import type { PersonOfPage } from "./PersonView";

const KINDS: Record<IdentityKind, string> = {
  ID: "Gong id",
  PRIMARY_EMAIL: "E-mail",
  EMAIL_ALIAS: "Alias",
  TRUSTED_EMAIL: "Trusted e-mail",
  PHONE_NUMBER: "Phone",
};

const FIELDS: Record<string, string> = {
  trustedEmailAddress: "Trusted e-mail",
  phoneNumber: "Phone",
  extension: "Extension",
};

const ROLES: Record<Role, string> = { READER: "readers", ANALYST: "analysts", ADMIN: "admins" };

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

/** What the person is known by. What a role isn't shown is told as that, not as empty. */
export function Identities({ person }: { person: PersonOfPage }): ReactElement {
  const hidden = person.hidden.filter(({ field }) => field in FIELDS);
  return (
    <section>
      <h2>Identities</h2>
      <dl className="facts">
        <div>
          <dt>Gong id</dt>
          <dd>{person.id}</dd>
        </div>
        {person.identities.map(({ kind, value, shared }) => (
          <div key={`${kind} ${value}`}>
            <dt>{KINDS[kind]}</dt>
            <dd>
              {value}
              {kind === "PHONE_NUMBER" && person.extension && ` (extension ${person.extension})`}
              {shared && <span className="tag warning">Shared</span>}
            </dd>
          </div>
        ))}
        {hidden.map(({ field, requiredRole }) => (
          <div key={field}>
            <dt>{FIELDS[field]}</dt>
            <dd className="withheld">Not shown to your role: {ROLES[requiredRole]} see it</dd>
          </div>
        ))}
        {person.created && (
          <div>
            <dt>In Gong since</dt>
            <dd>{day.format(new Date(person.created))}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
