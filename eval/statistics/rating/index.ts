/** Which of several models people prefer. */
export { rateModels, type ModelRating, type PairVote, type RatingTable } from './ratings';
export { likelihood, strengthsOf, strongGroups, type Points } from './strengths';
