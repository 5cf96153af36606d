import { Component, type ReactElement, type ReactNode } from "react";

import { answers } from "../service/answers";
import { ScriptGone } from "../service/script";
import { Title } from "./Title";

interface Props {
  /** The address of what is shown: another one is another chance. */
  at: string;
  children: ReactNode;
}

interface State {
  broken: boolean;
  fault?: unknown;
}

/** Where a view is broken: says what is the matter, and lets one try again, with answers that are asked for anew. */
export class Boundary extends Component<Props, State> {
  override state: State = { broken: false };

  static getDerivedStateFromError(fault: unknown): State {
    return { broken: true, fault };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.broken && before.at !== this.props.at) this.setState({ broken: false });
  }

  override render(): ReactNode {
    const { broken, fault } = this.state;
    if (!broken) return this.props.children;
    if (fault instanceof ScriptGone) {
      return (
        <Notice title="A part of this page is gone">
          The service doesn’t have it, not even for a page that was just loaded. It may be in the middle of an upgrade.
        </Notice>
      );
    }
    return (
      <Notice title="This view is broken" again={() => this.#again()}>
        {fault instanceof Error ? `Something in it went wrong: ${fault.message}` : "Something in it went wrong."}
      </Notice>
    );
  }

  #again(): void {
    void answers.resetQueries();
    this.setState({ broken: false });
  }
}

function Notice({
  title,
  again,
  children,
}: {
  title: string;
  again?: () => void;
  children: ReactNode;
}): ReactElement {
  return (
    <div className="notice" role="alert">
      <Title name={title} />
      <p>{children}</p>
      <p className="row">
        {again && (
          <button type="button" className="button" onClick={again}>
            Try again
          </button>
        )}
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page anew
        </button>
      </p>
    </div>
  );
}
