# Sources beside each other, and offline mode.
reason-offline = Offline mode: nobody is asked, and nothing is given
