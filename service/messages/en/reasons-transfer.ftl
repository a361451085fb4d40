# Why a download does not run now.
reason-waiting-tier = Waiting: something more urgent goes first
reason-waiting-order = Waiting for its turn
reason-waiting-paused = Paused by you
reason-waiting-all-paused = Everything is paused
reason-waiting-retry = Failed; tried again in { $seconds } s
reason-waiting-failed = Failed
reason-waiting-no-source = Waiting for somebody who has it
reason-waiting-disk = Waiting: the disk is too full
reason-waiting-game = Waiting until the game ends
reason-waiting-claim = Waiting for the job that needs it
reason-waiting-stopping = Stopping
