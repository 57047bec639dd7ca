/**
 * What calls do. A line holds the effect and names as they are called; `x.*` is everything of a module, `x*` a beginning.
 * `command` takes shell text or arguments, `code` takes text of the same language.
 */
export const CALLS = `
command os.system os.popen* os.exec* os.spawn* os.posix_spawn* subprocess.* commands.getoutput pty.spawn asyncio.create_subprocess* child_process.* exec.Command exec.CommandContext
command syscall.Exec os.StartProcess Deno.Command Deno.run Bun.spawn Bun.spawnSync Kernel.system Kernel.exec Process.exec Process.Start System.Diagnostics.Process.Start IO.popen Open3.* os.execute io.popen Runtime.exec Process.spawn
command system popen popen2 popen3 Popen execSync execFile execFileSync spawn spawnSync shell_exec passthru proc_open pcntl_exec check_output check_call getoutput getstatusoutput execa execaSync execaCommand
command create_subprocess_shell create_subprocess_exec execvp execv execve execl execlp startfile fabric.run invoke.run shelljs.exec sh.exec runCommand
code exec eval compile execfile Function execScript vm.runIn* runInThisContext runInNewContext runInContext instance_eval class_eval create_function loadstring assert_options runpy.* setTimeout setInterval
code pickle.loads pickle.load cPickle.loads marshal.loads marshal.load dill.loads yaml.unsafe_load new_module importlib.import_module builtins.exec builtins.eval module._compile plugin.Open
destructive shutil.rmtree rmtree removedirs os.RemoveAll RemoveAll rimraf rimrafSync emptyDir emptyDirSync FileUtils.rm_r FileUtils.rm_rf rm_rf remove_tree dropDatabase flushall flushdb delete_bucket delete_bucket_objects
destructive terminate_instances delete_db_instance delete_table delete_stack DeleteBucket TerminateInstances del_tree delete_namespace remove_dir_all fs.removeSync fse.remove
deletes os.remove os.unlink os.rmdir os.Remove os.Truncate os.truncate unlink unlinkSync rmSync rmdirSync rmdir fs.rm fs.rmdir fs.unlink fsp.rm fs.truncate* promises.rm promises.unlink File.delete File.unlink Deno.remove delete_object
writes os.rename os.replace os.mkdir os.makedirs os.chmod os.chown os.symlink os.link os.Rename os.Mkdir* os.Chmod os.WriteFile os.Create os.OpenFile ioutil.WriteFile shutil.move shutil.copy* write_text write_bytes writeFile
writes writeFileSync appendFile appendFileSync createWriteStream mkdirSync renameSync copyFileSync copyFile fs.mkdir fs.rename fs.cp fs.chmod outputFile file_put_contents File.write Deno.writeTextFile Deno.writeFile Bun.write os.putenv
network requests.* urllib.* urllib2.* httpx.* aiohttp.* http.* https.* net.* socket.* smtplib.* ftplib.* telnetlib.* paramiko.* websockets.* boto3.* dgram.* tls.* urlopen urlretrieve fetch axios axios.* got got.* ky undici.*
network superagent.* needle.* WebSocket XMLHttpRequest LWP.* Net.* URI.open open-uri file_get_contents curl_exec fsockopen resty.* grpc.Dial rpc.Dial smtp.* nodemailer.* navigator.sendBeacon wget.download create_connection
privilege os.setuid os.seteuid os.setgid process.setuid process.setgid syscall.Setuid ctypes.windll.* pam.*
credentialChange create_access_key create_user update_login_profile attach_user_policy put_user_policy set_password change_password createUser CreateUser CreateAccessKey
credentialRead keyring.get_password get_secret_value getSecretValue GetSecretValue access_secret_version keytar.getPassword keytar.findCredentials win32crypt.CryptUnprotectData browser_cookie3.* getpass.getpass
`;

export const PRINTERS =
  'print pprint pp console log info debug warn error warning stringify dumps dump puts p echo printf Println Printf Print Fprintf Fprintln Sprint Sprintf write send sendall post put get request fetch urlopen json var_dump print_r writeFile writeFileSync write_text repr str format';
