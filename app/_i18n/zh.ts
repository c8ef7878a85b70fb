import accounts from './zh/accounts.json';
import ablations from './zh/ablations.json';
import leaderboard from './zh/leaderboard.json';
import runs from './zh/runs.json';
import runSamples from './zh/run-samples.json';
import runCompare from './zh/run-compare.json';
import reviews from './zh/reviews.json';
import reviewWork from './zh/review-work.json';
import reviewResults from './zh/review-results.json';
import reviewQuestions from './zh/review-questions.json';
import common from './zh/common.json';
import demo from './zh/demo.json';
import errors from './zh/errors.json';
import history from './zh/history.json';
import sharing from './zh/sharing.json';
import compare from './zh/compare.json';
import grid from './zh/grid.json';
import developers from './zh/developers.json';
import keyboard from './zh/keyboard.json';
import polishing from './zh/polishing.json';
import results from './zh/results.json';
import viewer from './zh/viewer.json';

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
