/** The card's own messages; a site in another language assigns its own. */
export const words = {
  label: "Profile preview: ",
  gone: "No longer here.",
  signedOut: "You are signed out.",
  signIn: "Sign in",
  busy: "Try again in a moment, or wait for the card to load.",
  offline: "You are offline.",
  late: "This is taking too long.",
  failed: "This card could not be loaded.",
  again: "Try again",
};
