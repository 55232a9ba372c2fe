import { render } from "./quiz.js";
import { renderReview } from "./review.js";
import { waitingRoom } from "./waiting_room.js";

/** @import { Render } from "@anywidget/types" */
/** @import { Traits } from "./types.d.ts" */

/**
 * A front-end module of anywidget (AFM).
 * @type {Render<Traits>}
 */
export const renderWidget = ({ model, el }) => {
  const place = { model, el, room: waitingRoom(model) };
  return model.get("spec").cards ? renderReview(place) : render(place);
};
