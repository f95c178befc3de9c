/*
 * Models how a loop sleeps and is woken: by the post queue (detail/loop/wakeup.hpp), by the end of
 * the last handle, and by signals (loop/signal_handlers.cpp). The poller is reduced to the promises
 * of poll/poller.hpp. scripts/model checks all interleavings for these properties:
 *
 *   - the loop never sleeps for ever while there is a post or a signal, or when no sender is left;
 *   - each entry is run once, dropped once at the close, or refused; the entries of one producer
 *     keep their order; a closed post queue accepts none;
 *   - the loop ends as deadlocked only if there is no post and no sender;
 *   - no thread wakes a poller that is gone; the callback of a signal is never queued twice.
 *
 * Each atomic operation of the code is one step of the model. The steps have a single order, as
 * sequentially consistent operations have. Where the code loads relaxed, the model may also read an
 * old value, until a load that synchronises.
 *
 * -DWRONG=n puts in a mistake that the check must find. scripts/model lists the mistakes.
 */

#ifndef PRODUCERS
#define PRODUCERS 2
#endif
#ifndef POSTS /* of each producer */
#define POSTS 2
#endif
#ifndef SIGNALS /* each on its own thread */
#define SIGNALS 0
#endif
#ifndef OTHERS /* the number of waits that a descriptor or EINTR ends */
#define OTHERS 1
#endif
#ifndef WRONG
#define WRONG 0
#endif

/* ---- PostQueue::head_: one of these states, or the newest entry, whose number is its address */

#define IDLE 0
#define ARMED 1
#define CLOSED 2
#define FIRST_ENTRY 3
#define NO_ENTRY 0
#define END_OF_ENTRIES (FIRST_ENTRY + PRODUCERS * POSTS)

byte head = IDLE;
byte next[END_OF_ENTRIES];
bool closed = false; /* for the assertions: head is CLOSED */

/* The place of an entry. Free memory is reused at once. */
#define FREE 0
#define BUILT 1
#define POSTED 2
#define READY 3
byte place[END_OF_ENTRIES];
byte number[END_OF_ENTRIES]; /* its index among the posts of its producer */
bool holds[END_OF_ENTRIES];  /* its callback owns a LoopHandle */

byte ended[PRODUCERS];   /* the number of entries run, or dropped at the close */
byte refused[PRODUCERS]; /* the number of entries not accepted */

#define producer_of(entry) ((entry - FIRST_ENTRY) / POSTS)

/* ---- Wakeup::senders_, and the shares that keep the poller alive */

byte senders = PRODUCERS;
byte shares = PRODUCERS + 1 + (SIGNALS > 0); /* handles, the loop, its SignalHandlers */

inline drop_share() {
  shares--
}

/* ---- the poller: a wake-up ends the current wait, or the next one if there is none */

bool wake_up = false;
bool other_event = false;
bool asleep = false;

inline wake() {
  atomic {
    assert(shares > 0);
    wake_up = true
  }
}

/* ---- signals */

bool installed = (SIGNALS > 0);
bool listener = (SIGNALS > 0);
bool arrived = false;
bool any_arrived = false;
bool published = false; /* the pending wake-up was sent after any_arrived was set */
bool visible = false;   /* the loop has taken that wake-up, so it sees any_arrived */
byte handlers_running = 0;

/* ---- LoopHandle's destructor, off the loop's thread */

inline remove_sender() {
  atomic {
    senders--;
    last = (senders == 0)
  }
  if
#if WRONG == 1 /* asks whether the loop sleeps */
  :: last && head == ARMED -> wake()
  :: !(last && head == ARMED) -> skip
#else
  :: last -> wake()                      /* harmless if the loop is closed already */
  :: !last || head == CLOSED -> skip
#endif
  fi;
  last = false;
  drop_share()
}

proctype Producer(byte id) {
  byte posts = 0, seen = 0, entry = 0;
  bool last = false;

  do
  :: posts < POSTS ->
     d_step {
       entry = FIRST_ENTRY + id * POSTS;
       do
       :: place[entry] == FREE -> break
       :: else -> entry++
       od;
       place[entry] = BUILT;
       number[entry] = posts
     }
     if
     :: skip
     :: atomic { /* the callback owns a copy of the handle */
          holds[entry] = true;
          senders++;
          shares++
        }
     fi;

     /* PostQueue::post */
     seen = head;
     do
     :: seen == CLOSED ->
        atomic {
          assert(closed);
          place[entry] = FREE;
          refused[id]++
        }
        if
        :: holds[entry] -> holds[entry] = false; remove_sender()
        :: else
        fi;
        break
     :: else ->
#if WRONG == 2 /* wakes before it posts */
        if
        :: seen == ARMED -> wake()
        :: else
        fi;
#endif
        atomic {
          if
          :: head == seen ->
             assert(!closed && place[entry] == BUILT);
             next[entry] = (seen == ARMED -> NO_ENTRY : seen);
             place[entry] = POSTED;
             head = entry
          :: else -> seen = head; goto retry
          fi
        }
#if WRONG != 2
        if
        :: seen == ARMED -> wake()
        :: else
        fi;
#endif
        break;
        retry: skip
     od;
     seen = 0;
     entry = 0;
     posts++
  :: else -> break
  od;
  remove_sender()
}

/* ---- SignalHandlers::mark, which the kernel calls */

proctype Signal() {
  bool listening = false;
  if
  :: !installed /* the default action of the signal */
  :: installed ->
#if WRONG == 3 /* takes the poller before the handler is counted */
     listening = listener;
     handlers_running++;
#else
     handlers_running++;
#endif
     arrived = true;
     atomic {
       any_arrived = true;
       visible = false
     }
#if WRONG != 3
     listening = listener;
#endif
     if
     :: listening ->
        atomic {
          wake();
          published = true
        }
     :: else
     fi;
     handlers_running--
  fi
}

/* ---- the loop */

/* PostQueue::append, and the ready queue, which keeps the order. */
inline take(chain) {
  d_step {
    count = 0;
    entry = (chain >= FIRST_ENTRY -> chain : NO_ENTRY);
    do
    :: entry != NO_ENTRY ->
       assert(place[entry] == POSTED);
       place[entry] = READY;
       batch[count] = entry;
       count++;
       entry = next[entry]
    :: else -> break
    od;
    ready = ready + count;
    do
    :: count > 0 ->
       count--;
       entry = batch[count];
       assert(number[entry] == ended[producer_of(entry)]);
       ended[producer_of(entry)]++;
       batch[count] = 0
    :: else -> break
    od;
    entry = 0
  }
}

/* Runs or discards the ready entries. A handle dropped on the loop's thread wakes no loop. */
inline end_ready() {
  do
  :: ready > 0 ->
     atomic {
       entry = FIRST_ENTRY;
       do
       :: place[entry] == READY -> break
       :: else -> entry++
       od;
       if
       :: holds[entry] -> holds[entry] = false; senders--; drop_share()
       :: else
       fi;
       place[entry] = FREE;
       ready--;
       entry = 0
     }
  :: else -> break
  od;
  signal_ready = false
}

/* PostQueue::drain. The first load is relaxed, but after arm() there is no older value to read. */
inline drain(may_be_old) {
  if
  :: seen = head
  :: may_be_old -> seen = IDLE
  fi;
  do
  :: seen == IDLE -> break
  :: else ->
#if WRONG == 4 /* loads, then stores */
     seen = head;
     atomic {
       head = IDLE;
       take(seen);
       break
     }
#else
     atomic {
       if
       :: head == seen -> head = IDLE; take(seen); break
       :: else -> seen = head
       fi
     }
#endif
  od;
  seen = 0
}

/* SignalHandlers::collect, if any_arrived() is true. */
inline collect() {
  if
  :: any_arrived ->
#if WRONG != 5
     atomic {
#if WRONG == 6
       may_be_old = !visible;
#endif
       any_arrived = false;
       visible = false
     }
#endif
     if
     :: arrived ->
        atomic {
          arrived = false;
          assert(!signal_ready);
          signal_ready = true
        }
     :: !arrived -> skip
#if WRONG == 6 /* a relaxed load may read the old value if no wake-up was seen */
     :: arrived && may_be_old -> skip
#endif
     fi;
#if WRONG == 5 /* clears the flag last */
     atomic {
       any_arrived = false;
       visible = false
     }
#endif
  :: !(any_arrived && visible) -> skip
  fi
}

/* LoopCore::poll: without a timeout if `sleeps`, else with a timeout of zero. */
inline poll(sleeps) {
  if
  :: sleeps ->
     atomic { /* PostQueue::arm */
       armed = (head == IDLE || head == ARMED);
       if
       :: armed -> head = ARMED
       :: else
       fi
     };
#if WRONG == 7 /* sleeps whatever arm() returns */
     armed = true
#endif
  :: else -> armed = false
  fi;
#if WRONG == 8 /* ignores that the callback may be queued already */
  may_collect = (SIGNALS > 0);
#else
  may_collect = (SIGNALS > 0 && ready == 0 && !signal_ready);
#endif
#if WRONG == 9 /* mistakes a wake-up before the wait for an old one */
  wake_up = false;
#endif
  asleep = armed;
end_asleep:
  atomic {
    !armed || wake_up || other_event;
    asleep = false;
    woken = wake_up;
    other_event = false
  }
  if
  :: woken ->
     atomic { /* a backend may take it a moment after it has seen it */
       wake_up = false;
       visible = visible || published;
       published = false
     }
  :: else
  fi;
  drain(!armed);
  if
  :: may_collect -> collect()
  :: else
  fi;
  armed = false;
  may_collect = false;
  woken = false
}

bool loop_ended = false;

proctype Loop() {
  byte seen = 0, entry = 0, count = 0, ready = 0;
  byte batch[PRODUCERS * POSTS];
  bool signal_ready = false, armed = false, may_collect = false, woken = false;
  bool unwakeable = false;
#if WRONG == 6
  bool may_be_old = false;
#endif

  do
  :: break /* stop() */
  :: /* LoopCore::take_posts_and_signals */
     if
     :: head >= FIRST_ENTRY -> drain(false)
     :: skip
     fi;
     if
     :: SIGNALS > 0 -> collect()
     :: else
     fi;
     if
     :: ready > 0 || signal_ready ->
        if
        :: poll(false)
        :: skip
        fi
     :: else -> /* LoopCore::cannot_be_woken */
#if WRONG == 10 /* looks for posts first */
        unwakeable = (head < FIRST_ENTRY);
        unwakeable = (unwakeable && senders == 0 && SIGNALS == 0);
#else
        unwakeable = (SIGNALS == 0 && senders == 0);
        unwakeable = (unwakeable && head < FIRST_ENTRY);
#endif
        if
        :: unwakeable ->
           assert(senders == 0 && head < FIRST_ENTRY);
           break
        :: else ->
           if
           :: true -> poll(false) /* LoopOptions::busy_poll() */
           :: true -> poll(true)
           fi
        fi
     fi;
     end_ready()
  od;

  /* LoopCore::close */
#if WRONG == 11 /* loads, then stores */
  seen = head;
  atomic {
    head = CLOSED;
    closed = true;
    take(seen)
  }
#else
  atomic {
    seen = head;
    head = CLOSED;
    closed = true;
    take(seen)
  }
#endif
  if
  :: SIGNALS > 0 -> /* SignalHandlers::remove */
     installed = false;
     arrived = false;
     listener = false;
#if WRONG != 12 /* does not wait for running handlers */
     handlers_running == 0;
#endif
     drop_share()
  :: else
  fi;
  end_ready();
  drop_share();
  loop_ended = true
}

/* Checks the final state, when no process can take a step. */
proctype Watchdog() {
  byte id = 0;
  timeout;
  d_step {
    assert(loop_ended || asleep);
    if
    :: asleep ->
       assert(head == ARMED && !arrived && !any_arrived); /* nothing arrived unseen */
       assert(SIGNALS > 0)                                 /* and a signal may still come */
    :: else
    fi;
    do
    :: id < PRODUCERS ->
       assert(ended[id] + refused[id] == POSTS);
       id++
    :: else -> break
    od
  }
}

init {
  byte id = 0;
  atomic {
    do
    :: id < PRODUCERS -> run Producer(id); id++
    :: else -> break
    od;
    id = 0;
    do
    :: id < SIGNALS -> run Signal(); id++
    :: else -> break
    od;
    run Loop();
    run Watchdog()
  }
  id = 0;
  do
  :: id < OTHERS -> other_event = true; id++
  :: else -> break
  od
}
