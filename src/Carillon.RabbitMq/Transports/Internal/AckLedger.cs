using System.Numerics;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What was delivered on one channel and is done, and what there is to say of it to the broker. Knows no channel and no clock.</summary>
/// <remarks>
/// <para>
/// One acknowledgement speaks for all deliveries up to its number, so that it can only be sent as far as everything is done. What is done behind one that takes long is
/// acknowledged one by one, once it is as much as a batch, so that it does not use up the prefetch.
/// </para>
/// <para>
/// Marks are kept from where that was said last. Of what lies before, only the numbers are kept that are not done: as many as the broker has sent ahead at the most, however much passes by one
/// that takes long. So each mark is looked at once.
/// </para>
/// </remarks>
internal sealed class AckLedger(int batch)
{
    // The numbers before the marks that are not done, in their order; and those of them that are done since.
    private readonly List<ulong> _late = [];
    private readonly List<ulong> _lateDone = [];
    private readonly List<ulong> _returned = [];
    private Mark[] _marks = new Mark[64];

    // The first number of a channel is 1. Everything below the first mark is said, or late.
    private ulong _first = 1;
    private ulong _end = 1;

    // Marks of what has gone back: they take room, and nobody says anything of them any more.
    private int _gone;

    private enum Mark : byte
    {
        Open,
        Done,
        Returned,
    }

    /// <summary>How many are done, or go back, of which the broker does not know.</summary>
    internal int Unsaid { get; private set; }

    /// <summary>For how many deliveries there is room.</summary>
    internal int Room => _marks.Length + _late.Capacity;

    internal void Done(ulong number)
    {
        if (Set(number, Mark.Done))
        {
            Unsaid++;
        }
    }

    internal void Returned(ulong number)
    {
        if (Set(number, Mark.Returned))
        {
            Unsaid++;
            _returned.Add(number);
        }
    }

    /// <summary>Takes what there is to say: first what goes back, then what is done up to a number, then what is done beyond it.</summary>
    /// <param name="isTime">Whether it has waited long enough.</param>
    /// <param name="returned">Where to put what goes back.</param>
    /// <param name="single">Where to put what is done and cannot be said with the others.</param>
    /// <returns>The number up to which all is done; 0 for none.</returns>
    internal ulong Take(bool isTime, List<ulong> returned, List<ulong> single)
    {
        returned.AddRange(_returned);
        Unsaid -= _returned.Count;
        _returned.Clear();

        var upTo = TakeUpTo();
        if (Unsaid >= batch || _gone >= batch || (isTime && upTo == 0 && Unsaid > 0))
        {
            TakeSingle(single);
        }

        return upTo;
    }

    // The broker wants the number of one that it still waits for.
    private ulong TakeUpTo()
    {
        var oldest = _late.Count > 0 ? _late[0] : ulong.MaxValue;
        ulong upTo = 0;
        for (var place = _lateDone.Count - 1; place >= 0; place--)
        {
            if (_lateDone[place] < oldest)
            {
                upTo = Math.Max(upTo, _lateDone[place]);
                _lateDone[place] = _lateDone[^1];
                _lateDone.RemoveAt(_lateDone.Count - 1);
                Unsaid--;
            }
        }

        if (_late.Count > 0)
        {
            return upTo;
        }

        for (; _first < _end && At(_first) is not Mark.Open and var mark; _first++)
        {
            if (mark == Mark.Done)
            {
                upTo = _first;
                Unsaid--;
            }
            else
            {
                _gone--;
            }

            At(_first) = Mark.Open;
        }

        return upTo;
    }

    private void TakeSingle(List<ulong> single)
    {
        single.AddRange(_lateDone);
        _lateDone.Clear();
        for (; _first < _end; _first++)
        {
            ref var mark = ref At(_first);
            if (mark == Mark.Done)
            {
                single.Add(_first);
            }
            else if (mark == Mark.Open)
            {
                _late.Add(_first);
            }

            mark = Mark.Open;
        }

        _gone = 0;
        Unsaid -= single.Count;
    }

    // Of one that is not open any more the broker has been told, or will be.
    private bool Set(ulong number, Mark mark)
    {
        if (number < _first)
        {
            if (_late.BinarySearch(number) is not (>= 0 and var place))
            {
                return false;
            }

            _late.RemoveAt(place);
            if (mark == Mark.Done)
            {
                _lateDone.Add(number);
            }

            return true;
        }

        if (number >= _first + (ulong)_marks.Length)
        {
            Grow(number);
        }

        ref var known = ref At(number);
        if (known != Mark.Open)
        {
            return false;
        }

        known = mark;
        _gone += mark == Mark.Returned ? 1 : 0;
        _end = Math.Max(_end, number + 1);
        return true;
    }

    private void Grow(ulong number)
    {
        var larger = new Mark[BitOperations.RoundUpToPowerOf2(number - _first + 1)];
        for (var each = _first; each < _end; each++)
        {
            larger[each & ((ulong)larger.Length - 1)] = At(each);
        }

        _marks = larger;
    }

    private ref Mark At(ulong number) => ref _marks[number & ((ulong)_marks.Length - 1)];
}
