import { isReal, rule, weak } from './rule.ts';

/** Keys of clouds, hosting and infrastructure, in the shapes that their vendors publish. */
export const CLOUD_RULES = [
  // The documented example ends in EXAMPLE and counts.
  rule('aws_access_key', 'AKIA ASIA ABIA ACCA A3T', /(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/y),
  rule(
    'aws_secret_key',
    'AKIA ASIA',
    /(A[KS]IA[A-Z0-9]{16}(?:[\s,;:|"'=>\\]{1,8}|[^A-Za-z0-9/+][^\n]{0,60}?[^A-Za-z0-9/+]))([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/y,
    { judge: isMixedBase64 },
  ),
  rule(
    'aws_session_token',
    'IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz',
    /(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9+/]{80,2000}={0,2}/y,
  ),
  rule('aws_bedrock_key', 'ABSK', /ABSK[A-Za-z0-9+/]{109,269}={0,2}(?![A-Za-z0-9+/=])/y),
  rule('aws_bedrock_key', 'bedrock-api-key-', /bedrock-api-key-[A-Za-z0-9+/=_%-]{40,2000}/y),
  rule('aws_mws_token', 'amzn.mws.', /amzn\.mws\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/y),
  rule('aws_presigned_url', 'X-Amz-Signature=', /(X-Amz-Signature=)([0-9a-f]{64})(?![0-9a-f])/y, { judge: weak }),
  rule('google_api_key', 'AIza', /AIza[\w-]{35}(?![\w-])/y),
  rule('google_oauth_secret', 'GOCSPX-', /GOCSPX-[\w-]{28}(?![\w-])/y),
  rule('google_oauth_token', 'ya29.', /ya29\.[\w-]{20,2000}/y),
  rule('google_refresh_token', '1//0', /1\/\/0[\w-]{40,200}(?![\w-])/y),
  rule('azure_storage_key', 'accountkey=', /(accountkey=)([A-Za-z0-9+/]{86}==)/iy, { anyCase: true, border: 'none' }),
  rule(
    'azure_storage_key',
    '+ASt ACDb APIM +ABa +AMC',
    /[A-Za-z0-9+/]{76}(?:APIM|ACDb|\+(?:ABa|AMC|ASt))[A-Za-z0-9+/]{5}[AQgw]==/y,
    { back: [76] },
  ),
  rule(
    'azure_shared_access_key',
    'sharedaccesskey= sharedaccesskey":',
    /(sharedaccesskey(?:=|"\s{0,3}:\s{0,3}"))([A-Za-z0-9+/]{43}=)/iy,
    { anyCase: true, border: 'none' },
  ),
  rule(
    'azure_shared_access_key',
    'AIoT +ASb +AEh +ARm',
    /[A-Za-z0-9+/]{33}(?:AIoT|\+(?:ASb|AEh|ARm))[A-Za-z0-9+/]{5}=(?!=)/y,
    { back: [33] },
  ),
  rule('azure_search_key', 'AzSe', /[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}(?![A-Za-z0-9])/y, { back: [42] }),
  rule('azure_function_key', 'AzFu', /[\w-]{44}AzFu[\w-]{5}[AQgw]==/y, { back: [44] }),
  rule('azure_registry_key', '+ACR', /[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}(?![A-Za-z0-9+/])/y, { back: [42] }),
  rule('azure_sas', 'sig=', /(sig=)([A-Za-z0-9+/]{43}=|[A-Za-z0-9%]{43,100}%3D)/iy, { judge: isSas }),
  rule('azure_client_secret', 'Q~', /[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/y, { back: [4], border: 'token' }),
  rule('azure_devops_token', 'AZDO', /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/y, { back: [76] }),
  rule('digitalocean_token', 'dop_v1_ doo_v1_ dor_v1_', /do[opr]_v1_[0-9a-f]{64}(?![0-9a-f])/y),
  rule('heroku_key', 'HRKU-', /HRKU-(?:AA[\w-]{58}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![\w-])/y),
  rule('databricks_token', 'dapi', /dapi[0-9a-fA-F]{32}(?:-\d)?(?![0-9a-zA-Z])/y),
  rule('databricks_secret', 'dose', /dose[0-9a-f]{32}(?![0-9a-zA-Z])/y),
  rule('cloudflare_token', 'cfut_ cfat_ cfk_', /cf(?:ut|at|k)_[A-Za-z0-9]{40}[0-9a-f]{8}(?![A-Za-z0-9])/y),
  rule('cloudflare_origin_ca_key', 'v1.0-', /v1\.0-[0-9a-f]{24}-[0-9a-f]{146}(?![0-9a-f])/y),
  rule('vault_token', 'hvs. hvb. hvr.', /hv[sbr]\.[\w-]{24,500}/y),
  rule('terraform_cloud_token', '.atlasv1.', /[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}(?![\w=-])/y, { back: [14] }),
  rule('pulumi_token', 'pul-', /pul-[0-9a-f]{40}(?![0-9a-f])/y),
  rule('vercel_token', 'vcp_ vci_ vca_ vcr_ vck_', /vc[piark]_[A-Za-z0-9]{20,60}(?![A-Za-z0-9])/y),
  rule('vercel_blob_token', 'vercel_blob_rw_', /vercel_blob_rw_[A-Za-z0-9]{10,24}_[A-Za-z0-9]{24,40}/y),
  rule('netlify_token', 'nfp_ nfc_ nfo_ nfu_', /nf[pcou]_[A-Za-z0-9_-]{36,80}(?![\w-])/y),
  rule('fly_token', 'fo1_ fm1_ fm2_ fm1r_ fm1a_', /f(?:o1|m1[ar]?|m2)_[A-Za-z0-9+/_-]{43,1000}={0,3}/y),
  rule('render_token', 'rnd_', /rnd_[A-Za-z0-9]{28,40}(?![A-Za-z0-9])/y),
  rule('scalingo_token', 'tk-us-', /tk-us-[\w-]{48}(?![\w-])/y),
  rule('supabase_key', 'sbp_ sb_secret_', /sb(?:p_[0-9a-f]{40}|_secret_[\w-]{20,80})(?![\w-])/y),
  rule('planetscale_token', 'pscale_', /pscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}(?![\w.=-])/y),
  rule('neon_token', 'napi_', /napi_[a-z0-9]{40,80}(?![a-z0-9])/y),
  rule('mongodb_atlas_secret', 'mdb_sa_sk_', /mdb_sa_sk_[\w-]{30,60}/y),
  rule('tailscale_key', 'tskey-', /tskey-(?:auth|api|client|scim|webhook)-[\w-]{10,100}/y),
  rule('alibaba_access_key', 'LTAI', /LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])/y),
  rule('tencent_secret_id', 'AKID', /AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])/y),
  rule('yandex_key', 'AQVN YCAJ', /(?:AQVN[\w-]{35,38}|YCAJ[\w-]{21})(?![\w-])/y),
  rule('ovh_or_openshift_token', 'sha256~', /sha256~[\w-]{43}(?![\w-])/y),
  rule(
    'doppler_token',
    'dp.',
    /dp\.(?:pt|st|ct|sa|scim|audit|said)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}(?![\w.-])/y,
  ),
  rule('onepassword_service_token', 'ops_eyJ', /ops_eyJ[A-Za-z0-9+/_-]{100,2000}={0,3}/y),
  rule(
    'onepassword_secret_key',
    'A3-',
    /A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}(?![A-Z0-9])/y,
  ),
  rule(
    'age_secret_key',
    'AGE-SECRET-KEY-',
    /AGE-SECRET-KEY-(?:PQ-)?1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7Lqpzry9x8gf2tvdw0s3jn54khce6mua7l]{58,100}/y,
  ),
  rule('pinecone_key', 'pcsk_', /pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{50,70}/y),
  rule(
    'grafana_token',
    'glsa_ glc_',
    /gl(?:sa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|c_[A-Za-z0-9+/]{32,400}={0,2})(?![A-Za-z0-9+/=])/y,
  ),
  rule(
    'new_relic_key',
    'NRAK- NRII- NRAA- NRIQ- NRRA-',
    /NR(?:AK-[A-Z0-9]{27}|II-[\w-]{32}|AA-[0-9a-f]{27}|(?:IQ|RA)-[\w-]{20,42})(?![\w-])/y,
  ),
  rule('new_relic_license', 'NRAL', /[0-9a-fA-F]{36}NRAL(?![A-Za-z0-9])/y, { back: [36] }),
  rule('sentry_dsn', '://', /(:\/\/)([0-9a-f]{32}(?::[0-9a-f]{32})?)(?=@[\w.-]{1,100}\/\d)/y, { border: 'none' }),
  rule(
    'sentry_token',
    'sntrys_ sntryu_ sntrya_ sntryi_',
    /sntry(?:s_[A-Za-z0-9+/=_-]{40,500}|[uai]_[0-9a-f]{64})(?![0-9a-f])/y,
  ),
  rule('dynatrace_token', 'dt0', /dt0[a-zA-Z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}(?![A-Z0-9])/y),
  rule('posthog_key', 'phx_', /phx_[A-Za-z0-9_]{40,60}/y),
  rule(
    'launchdarkly_key',
    'sdk- api- mob-',
    /(?:sdk|api|mob)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-f-])/y,
  ),
  rule('snyk_token', 'snyk_', /snyk_(?:uat|sat)\.[0-9a-f]{8}\.[\w.-]{40,400}/y),
] as const;

function isMixedBase64(candidate: Parameters<typeof isReal>[0]): ReturnType<typeof isReal> {
  const { value } = candidate;
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) ? isReal(candidate) : undefined;
}

function isSas({ text, start }: Parameters<typeof isReal>[0]): ReturnType<typeof isReal> {
  const around = text.slice(Math.max(0, start - 400), start + 400);
  return /[?&;]s[vre]=/.test(around) || /(?:^|["'\s])s[vre]=/.test(around) ? 'high' : undefined;
}
