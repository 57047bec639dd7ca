import type { Confidence } from '../model.ts';
import { hasBase62Checksum } from './checksums.ts';
import { isWordy } from './randomness.ts';
import { isDummy, isUserAndPassword, rule } from './rule.ts';
import type { Candidate } from './rule.ts';

/** Tokens of code hosts, package registries, build services and tools for developers. */
export const CODE_RULES = [
  rule('github_token', 'ghp_ gho_ ghu_ ghs_ ghr_', /gh[pousr]_[A-Za-z0-9]{36,255}(?![A-Za-z0-9])/y, {
    judge: isChecked,
  }),
  rule('github_token', 'ghs_', /ghs_\d{1,20}_[\w-]{10,1000}\.[\w-]{10,3000}\.[\w-]{10,1000}/y),
  rule('github_fine_grained_token', 'github_pat_', /github_pat_\w{82}(?!\w)/y),
  rule(
    'gitlab_token',
    'glpat- gldt- glrt- glrtr- glft- glsoat- glimt- glagent- gloas- glffct- glwt- glcbt-',
    /gl(?:pat|dt|rtr?|ft|soat|imt|agent|oas|ffct|wt|cbt)-[\w-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?/y,
  ),
  rule('gitlab_trigger_token', 'glptt-', /glptt-[0-9a-f]{40}(?![0-9a-f])/y),
  rule('gitlab_runner_token', 'GR1348941', /GR1348941[\w-]{20,50}/y),
  rule('bitbucket_token', 'ATBB', /ATBB[A-Za-z0-9]{24,40}(?![A-Za-z0-9])/y),
  rule('atlassian_token', 'ATATT3xFfGF0 ATCTT3xFfGN0 ATSTT3xFfGN0', /AT[ACS]TT3xFfG[FN]0[\w=-]{40,400}/y),
  rule('npm_token', 'npm_', /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/y, { judge: isChecked }),
  rule('npm_registry_auth', '_authToken=', /(_authToken=["']?)([A-Za-z0-9][\w.+/=-]{15,1000})/y, { border: 'none' }),
  rule('npm_registry_auth', '_auth= _password=', /(_(?:auth|password)=["']?)([A-Za-z0-9+/]{12,500}={0,2})/y, {
    border: 'alphanumeric',
  }),
  rule('pypi_token', 'pypi-Ag', /pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw)[\w-]{50,1000}/y),
  rule('rubygems_key', 'rubygems_', /rubygems_[0-9a-f]{48}(?![0-9a-f])/y),
  rule('crates_token', 'cio', /cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/y, { judge: mixesCase }),
  rule('nuget_key', 'oy2', /oy2[a-z0-9]{43}(?![A-Za-z0-9])/y),
  rule('clojars_token', 'CLOJARS_', /CLOJARS_[a-z0-9]{60}(?![a-z0-9])/y),
  rule('artifactory_key', 'AKCp', /AKCp[A-Za-z0-9]{66,75}(?![A-Za-z0-9])/y),
  rule('artifactory_token', 'cmVmdGtu', /cmVmdGtu[A-Za-z0-9]{56}(?![A-Za-z0-9])/y),
  rule('docker_token', 'dckr_pat_ dckr_oat_', /dckr_[po]at_[\w-]{27,32}(?![\w-])/y),
  rule('docker_config_auth', '"auth"', /("auth"\s{0,4}:\s{0,4}")([A-Za-z0-9+/]{12,400}={0,2})(?=")/y, {
    border: 'none',
    judge: isUserAndPassword,
  }),
  rule('terraform_registry_token', 'atlasv1-', /atlasv1-[\w-]{60,70}/y),
  rule('circleci_token', 'CCIPAT_ CCIPRJ_', /CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[0-9a-f]{40}(?![0-9a-f])/y),
  rule('buildkite_token', 'bkua_', /bkua_[a-z0-9]{40}(?![a-z0-9])/y),
  rule('sonar_token', 'squ_ sqp_ sqa_', /sq[upa]_[0-9a-f]{40}(?![0-9a-f])/y),
  rule('sourcegraph_token', 'sgp_', /sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}(?![0-9a-f])/y),
  rule('linear_key', 'lin_api_ lin_oauth_', /lin_(?:api|oauth)_\w{32,128}(?!\w)/y),
  rule('notion_token', 'ntn_', /ntn_\d{11}[A-Za-z0-9]{35}(?![A-Za-z0-9])/y),
  rule('notion_token', 'secret_', /secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])/y, { judge: mixesCase }),
  rule('figma_token', 'figd_ figdr_ figo_ figoh_', /fig(?:dr?|oh?)_[\w-]{40,200}(?![\w-])/y),
  rule('postman_key', 'PMAK-', /PMAK-[0-9a-f]{24}-[0-9a-f]{34}(?![0-9a-f])/y),
  rule('asana_token', '0/1 1/1 2/1', /[012]\/\d{16}(?:\/\d{16})?:[0-9a-f]{32}(?![0-9a-f])/y),
  rule('trello_token', 'ATTA', /ATTA[0-9a-f]{60,68}(?![0-9a-zA-Z])/y),
  rule('airtable_token', 'pat', /pat[A-Za-z0-9]{14}\.[0-9a-f]{64}(?![0-9a-f])/y),
  rule('contentful_token', 'CFPAT-', /CFPAT-[\w-]{43}(?![\w-])/y),
  rule('prefect_key', 'pnu_ pnb_', /pn[ub]_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y),
  rule('readme_key', 'rdme_', /rdme_[a-z0-9]{70}(?![a-z0-9])/y),
  rule('typeform_token', 'tfp_', /tfp_[\w-]{30,80}(?![\w-])/y),
  rule('infracost_key', 'ico-', /ico-[A-Za-z0-9]{32}(?![A-Za-z0-9])/y),
  rule('wakatime_key', 'waka_', /waka_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/y),
  rule('harness_key', 'pat. sat.', /[ps]at\.[\w-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}(?![A-Za-z0-9])/y),
  rule('django_secret_key', 'django-insecure-', /django-insecure-[a-z0-9!@#$%^&*(\-_=+)]{40,60}/y, { border: 'none' }),
  rule('agentos_key', 'agk_', /agk_[\w-]{16,200}(?![\w-])/y, { judge: isUnwordy }),
] as const;

/** A right checksum needs no other sign; without one it must at least not read like words. */
function isChecked({ value }: Candidate): Confidence | undefined {
  if (hasBase62Checksum(value)) return 'high';
  return isDummy(value) || isWordy(value.slice(value.indexOf('_') + 1)) ? undefined : 'high';
}

function isUnwordy({ value }: Candidate): Confidence | undefined {
  return isDummy(value) || isWordy(value.slice(value.indexOf('_') + 1)) ? undefined : 'high';
}

function mixesCase({ value }: Candidate): Confidence | undefined {
  return /[a-z]/.test(value.slice(7)) && /[A-Z]/.test(value) && /\d/.test(value) && !isDummy(value)
    ? 'high'
    : undefined;
}
