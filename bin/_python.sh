# Read by bin/serve, bin/test, bin/prove and bin/lock: sets PYTHON to the first interpreter that will do.
# Plain sh, because this is the part that must speak when there is no usable Python.

# Runs on any Python, however old.
question='
import sys
answer = "old"
if sys.version_info >= (3, 11):
    try:
        import ensurepip, venv
        answer = "fit"
    except ImportError:
        answer = "bare"
sys.stdout.write("%s %d.%d" % ((answer,) + tuple(sys.version_info[:2])))
'
PYTHON=
old=
bare=
for candidate in ${REMIT_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    # A version manager's stub can exist for a version that is not installed: only running it tells.
    answer=$("$candidate" -c "$question" 2>/dev/null) || continue
    case $answer in
    fit*)
        PYTHON=$candidate
        break
        ;;
    bare*) bare="$bare $candidate (${answer#* })" ;;
    old*) old="$old $candidate (${answer#* })" ;;
    esac
done

if [ -z "$PYTHON" ]; then
    if [ -n "$bare" ]; then
        echo "Remit needs Python's venv module, which is missing from:$bare. On Debian or Ubuntu: apt install python3-venv." >&2
    elif [ -n "$old" ]; then
        echo "Remit needs Python 3.11 or newer; found only:$old." >&2
    else
        echo "Remit needs Python 3.11 or newer; no python3 was found on PATH." >&2
    fi
    exit 1
fi
