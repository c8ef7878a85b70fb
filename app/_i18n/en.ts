import accounts from './en/accounts.json';
import ablations from './en/ablations.json';
import leaderboard from './en/leaderboard.json';
import runs from './en/runs.json';
import runSamples from './en/run-samples.json';
import runCompare from './en/run-compare.json';
import reviews from './en/reviews.json';
import reviewWork from './en/review-work.json';
import reviewResults from './en/review-results.json';
import reviewQuestions from './en/review-questions.json';
import common from './en/common.json';
import demo from './en/demo.json';
import errors from './en/errors.json';
import history from './en/history.json';
import sharing from './en/sharing.json';
import compare from './en/compare.json';
import grid from './en/grid.json';
import developers from './en/developers.json';
import keyboard from './en/keyboard.json';
import polishing from './en/polishing.json';
import results from './en/results.json';
import viewer from './en/viewer.json';

/** The words of the page in one language, one file a namespace. */
const messages = {
  common,
  demo,
  errors,
  history,
  sharing,
  compare,
  grid,
  developers,
  keyboard,
  polishing,
  results,
  viewer,
  accounts,
  ablations,
  leaderboard,
  runs,
  runSamples,
  runCompare,
  reviews,
  reviewWork,
  reviewResults,
  reviewQuestions,
};

export default messages;
