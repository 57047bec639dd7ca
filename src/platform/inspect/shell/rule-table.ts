/**
 * What commands do. A line holds letters (see rules.ts), commands, and what must be among their arguments: every item of it.
 * Within an item `|` means or, `!` not. `-x` is a short option, alone or in a cluster; `-word` and `--word` may be cut short;
 * words come in this order, whatever their case; `x*` begins so; `=x` is exactly so; `@glob` is a pattern, `@root` a place
 * with everything below it, `@empty` no argument at all.
 */
export const RULES = `
D rm|gio -r|-R|--recursive|@glob|@root|--no-preserve-root
D del|erase|rd|rmdir|deltree /s|@glob
D remove-item|ri|rd|del|clear-content -recurse|-r|@glob
D find -delete
D dd of=*
D mkfs*|mke2fs|mkswap|newfs|shred|wipefs|srm|wipe|scrub|blkdiscard|diskpart|sdelete
D fdisk|gdisk|sgdisk|sfdisk|cfdisk|parted !-l|--list|print
D format *:*
D format-volume|clear-disk|initialize-disk|remove-partition|clear-eventlog|clear-recyclebin|remove-vm|remove-azresourcegroup
D diskutil erase*|partitiondisk|secureerase|zerodisk
D truncate @glob
D lvremove|vgremove|pvremove
D zpool|zfs destroy
D cryptsetup luksformat|erase
D mdadm --zero-superblock
D git push -f|--force|--force-with-lease|--mirror|-d|--delete|--prune|+*|:*
D git reset --hard
D git clean -f|--force
D git branch -D
D git branch -d|--delete -f|--force
D git checkout|restore|switch .|-f|--force|--discard-changes|@glob
D git stash clear|drop
D git reflog expire|delete
D git filter-branch|filter-repo
D git update-ref -d
D git worktree remove -f|--force
D kubectl|oc|k delete|drain
D kubectl|oc|k replace --force
D helm|helm3 uninstall|delete|del
D helmfile|terragrunt|terraform|tofu|cdk|pulumi|sst|sls|serverless|eksctl|kops|kind|minikube|k3d|vagrant destroy|delete|remove
D terraform|tofu|terragrunt apply -destroy
D terraform|tofu|terragrunt state rm
D aws s3 rm|rb
D aws s3 sync --delete
D aws delete*|terminate*|deregister*|purge*|schedule-key-deletion
D gcloud|gsutil|bq|az|doctl|linode-cli|ibmcloud|oci|fly|flyctl|heroku|vercel|netlify|railway|render|supabase|firebase delete*|remove*|rm|destroy*|purge*|apps:destroy|pg:reset
D wrangler|hcloud|scw|vultr-cli|gh|glab delete*|remove*|rm|destroy*|purge*
D gsutil rb
D rclone purge|delete|deletefile|sync
D mc|s3cmd|s5cmd|azcopy rm|rb|del|remove
D docker|podman|nerdctl system|volume|network|image|container|builder|buildx prune
D docker|podman|nerdctl volume rm|remove
D docker|podman|nerdctl|docker-compose down -v|--volumes|--rmi
D dropdb|dropuser|pg_resetwal|pg_dropcluster
D mysqladmin drop
D rake|rails|bundle db:drop*|db:reset|db:purge|db:schema:load
D prisma migrate reset
D prisma db push --force-reset
D php|artisan migrate:fresh|migrate:reset|db:wipe
D python*|manage.py|django-admin flush|reset_db
D nomad|consul|vault|etcdctl|zkcli delete|del|purge*|deleteall|rmr
D kafka-topics* --delete
D rabbitmqctl|rabbitmqadmin delete*|purge*|reset|force_reset
D redis-cli|keydb-cli|valkey-cli flushall|flushdb|shutdown
D userdel|groupdel|deluser|delgroup|remove-localuser|remove-aduser
D net user|localgroup /delete
D dscl -delete
D crontab -r
D kill|pkill|killall -9|-15|-kill|-sigkill|-term|=-- =-1
D chmod|chown|chgrp -R|--recursive @root
D chmod 000|0000|a-rwx|ugo-rwx
D icacls|takeown /t|/r
D mv|move|mv /dev/null
D history -c|-w
D clear-history
D iptables|ip6tables|nft|ufw|ebtables -F|--flush|-X|flush|reset
D rsync --delete*|--del|--remove-source-files
D robocopy /mir|/purge|/move
D vssadmin|wbadmin|wmic|bcdedit|tmutil delete*|shadowcopy|resize|/set|/delete*
D reg delete
D journalctl --vacuum*
D borg|restic|duplicity|velero delete|forget|prune|purge|remove*
D certutil -urlcache
d rm|unlink|rmdir|rd|del|erase|remove-item|ri|truncate|trash|clear-content
d tee !-a|--append
d git rm|restore|checkout|clean|stash
d git tag|branch -d|--delete
d mv|cp|ln -f|--force
d mv|move|move-item|rename|ren
d tar --remove-files
d sed|perl|ruby -i|--in-place*
d kubectl|oc|docker|podman|nerdctl|docker-compose rm|rmi|stop|kill|rollout
d apt|apt-get|yum|dnf|zypper|pacman|apk|brew|snap|flatpak|dpkg|rpm|npm|pnpm|yarn|pip|pip3|gem|cargo remove|autoremove|purge|uninstall|erase|rm|--purge|-r|-R|-P|-e
d wget -O|--output-document
d curl -o|-O|--output|--remote-name
p sudo|su|doas|pkexec|runuser|runas|gsudo|setcap|visudo|chroot|nsenter|insmod|modprobe|mount|newgrp|dzdo|pfexec|capsh|setenforce|kextload
p chmod 777|0777|1777|+s|*+s|*+rwxs|a+rwx|o+w|a=rwx|ugo+rwx|4???|2???|6???
p docker|podman|nerdctl --privileged|--pid=host|--cap-add*|--net=host|--network=host|--userns=host|--security-opt*
p docker|podman|nerdctl /:*|/var/run/docker.sock*|*source=/,*|*src=/,*|-v/:*|--volume=/:*
p kubectl|oc|k clusterrolebinding|rolebinding
p usermod|gpasswd|adduser sudo|wheel|docker|root|admin|*,sudo|*,docker|sudo,*|docker,*
p net localgroup administrators
p set-executionpolicy|add-mppreference
n curl|wget|nc|ncat|netcat|socat|ssh|scp|sftp|rsync|ftp|tftp|telnet|dig|nslookup|host|ping|ping6|traceroute|nmap|masscan|aria2c|http|https|xh|lynx|links|w3m
n fetch|whois|ngrok|cloudflared|mosh|rclone|mail|mailx|sendmail|mutt|swaks|iwr|irm|invoke-webrequest|invoke-restmethod|start-bitstransfer|bitsadmin|wscat|websocat
n grpcurl|ssh-copy-id|aws|gcloud|gsutil|az|kubectl|oc|helm|gh|glab|doctl|heroku|vercel|s3cmd|mc|psql|mysql|mongo|mongosh|redis-cli|pg_dump|mysqldump|terraform|tofu
n ansible|ansible-playbook|twine|smbclient|ldapsearch|curlie|lftp|axel|test-netconnection|test-connection|npx|pnpx|bunx|uvx|pipx
n openssl s_client
n certutil -urlcache
n git clone|fetch|pull|push|ls-remote|submodule
n npm|pnpm|yarn|bun|pip|pip3|uv|poetry|gem|cargo|go|composer|brew|apt|apt-get|yum|dnf|apk|pacman|zypper|snap|docker|podman|conda install|i|ci|add|update|upgrade|publish|pull|push|login|get|download|sync|deploy
f curl|wget|fetch|aria2c|http|https|xh|lynx|links|w3m|nc|ncat|netcat|socat|ssh|ftp|tftp|telnet|iwr|irm|invoke-webrequest|invoke-restmethod|dig|nslookup|host|aws|gsutil|az|gh|curlie|lftp
f openssl s_client
o certutil -decode*
P nc|ncat|netcat -e|-c|--exec|--sh-exec
P socat exec:*|system:*|*,exec:*
P mshta|regsvr32|rundll32|cscript|wscript http*|/i:http*|javascript:*
P deno|bun run|eval http*
C passwd|chpasswd|useradd|usermod|groupadd|groupmod|adduser|addgroup|gpasswd|chage|ssh-keygen|ssh-copy-id|visudo|htpasswd|vipw|vigr|newusers|faillock|google-authenticator
C createuser|smbpasswd|kpasswd|new-localuser|set-localuser|add-localgroupmember|set-adaccountpassword|htdigest|userdel|groupdel|deluser|delgroup
C aws iam|cognito-idp|sso-admin create*|delete*|update*|attach*|detach*|put*|add*|remove*|change*|deactivate*|enable*|upload*|set*|admin-*|disable*|reset*
C aws secretsmanager|ssm|kms put*|create*|update*|rotate*|delete*|schedule*|disable*
C aws configure set|import
C gcloud iam|secrets create|delete|update|add*|remove*|set*|disable|enable
C gcloud add-iam-policy-binding|remove-iam-policy-binding|set-iam-policy
C az ad|role|keyvault create|delete|update|set|reset
C vault write|delete|token|auth|policy|operator
C vault kv put|patch|delete|destroy
C gh|glab secret|ssh-key|gpg-key set|add|delete|remove
C kubectl|oc|k create|delete|edit|patch|replace secret*|serviceaccount*|role*|clusterrole*
C kubectl|oc config set-credentials
C net user
C dscl -passwd|-create
C security set-*|add-*|delete-*|import
C openssl genrsa|genpkey
C gpg|gpg2 --gen-key|--full-generate-key|--delete-*|--import|--edit-key|--quick-*
C git config credential*|user.signingkey
C rabbitmqctl add_user|change_password|set_permissions
C mysqladmin password
C keytool -genkey*|-delete|-import*|-storepasswd
C op item|user create|edit|delete
e env|printenv|export|set|declare|typeset|setenv @empty
e env|printenv -0|--null
e export|declare|typeset -p
e history|fc !-c
e compgen -v|-e
e get-variable|get-history
e get-childitem|gci|dir|ls|get-item|type env:*
e aws configure get|list|export-credentials
e aws sts get-session-token|assume-role|get-federation-token
e aws get-secret-value|batch-get-secret-value|get-parameter*|get-login-password
e gpg|gpg2 --export-secret*
e git config --list|-l|--get-regexp
e git config credential*|url*
e git credential*
re security find-*|dump-*|export
re secret-tool lookup|search
re pass|gopass show|ls|find|grep
re op|bw|lpass|rbw read|get|show|list|export
re vault read|list|unwrap|print
re vault kv get|list
re kubectl|oc|k get|describe secret*
re kubectl|oc|k config view --raw
re gcloud auth print-*
re gcloud secrets versions access
re az keyvault secret|key show|download|list|backup
re az account get-access-token
re gh auth token
re heroku auth:token
e heroku|fly|flyctl|railway config|secrets|variables
re docker|podman secret inspect
re ssh-add -L
re keyctl|cmdkey|vaultcmd|mimikatz|lazagne|secretsdump*|gsecdump|pwdump*|unshadow
re reg save|query|export hklm\\\\sam*|hklm\\\\security*
re getent shadow|gshadow
re sops|ansible-vault -d|--decrypt|decrypt|view
e systemctl show-environment
e ps e|eww|auxe|auxeww|axe
e doppler|infisical|chamber secrets|export|list
w curl -d|-F|-T|-X|--data*|--json|--form*|--upload-file|--request
`;

/** Commands that change nothing by themselves: alone, or with these as their first words. */
export const READERS = `
ls cat head tail less more grep egrep fgrep rg ag ack find fd locate which whereis type file stat wc sort uniq cut tr nl tac rev fold column paste join comm diff cmp
echo printf pwd cd pushd popd dirs date cal uptime whoami id groups who w last hostname uname arch nproc free df du lsblk lscpu lsof ps top htop pgrep pidof jobs wait sleep true false test [
: exit return break continue shift local declare typeset export readonly set unset shopt read getopts let expr seq yes basename dirname realpath readlink md5sum sha1sum sha256sum sha512sum cksum
base64 base32 xxd od hexdump strings jq yq awk gawk mawk sed env printenv man help history alias unalias tree dig nslookup host ping whois tput clear column bc factor trap umask ulimit hash
if then else fi for while do done case esac in function select time tsc eslint shellcheck curl get-childitem get-content get-process select-string
git:status git:log git:diff git:show git:blame git:rev-parse git:describe git:ls-files git:shortlog git:grep git:cat-file git:ls-remote git:branch git:remote git:reflog git:config
kubectl:get kubectl:describe kubectl:logs kubectl:top kubectl:version kubectl:explain docker:ps docker:images docker:logs docker:inspect docker:stats docker:version docker:info
npm:ls npm:view npm:outdated npm:audit pip:list pip:show pip:freeze cargo:check cargo:tree go:vet go:list go:version helm:list helm:status terraform:plan terraform:show
terraform:validate systemctl:status systemctl:is-active systemctl:list-units brew:list brew:info apt:list apt:show aws:sts gh:pr gh:issue node:--version python:--version
`;
