using System.Numerics;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What was delivered on one channel and is done, and what there is to say of it to the broker. Knows no channel and no clock.</summary>
/// <remarks>
/// One acknowledgement speaks for all deliveries up to its number, so that it can only be sent as far as everything is done. What is done behind one that takes long is
/// acknowledged one by one, once it is as much as a batch, so that it does not use up the prefetch.
/// </remarks>
internal sealed class AckLedger(int batch)
{
    private Mark[] _marks = new Mark[64];

    // Everything below is settled with the broker. The first number of a channel is 1.
    private ulong _oldest = 1;
    private ulong _end = 1;

    private enum Mark : byte
    {
        Open,
        Done,
        Returned,
        Said,
    }

    /// <summary>How many are done, or go back, of which the broker does not know.</summary>
    internal int Unsaid { get; private set; }

    internal void Done(ulong number) => Set(number, Mark.Done);

    internal void Returned(ulong number) => Set(number, Mark.Returned);

    /// <summary>Takes what there is to say: first what goes back, then what is done up to a number, then what is done beyond it.</summary>
    /// <param name="isTime">Whether it has waited long enough.</param>
    /// <param name="returned">Where to put what goes back.</param>
    /// <param name="single">Where to put what is done and cannot be said with the others.</param>
    /// <returns>The number up to which all is done; 0 for none.</returns>
    internal ulong Take(bool isTime, List<ulong> returned, List<ulong> single)
    {
        for (var each = _oldest; each < _end; each++)
        {
            ref var mark = ref At(each);
            if (mark == Mark.Returned)
            {
                mark = Mark.Said;
                returned.Add(each);
            }
        }

        ulong upTo = 0;
        for (; _oldest < _end && At(_oldest) != Mark.Open; _oldest++)
        {
            // The broker wants the number of one that it still waits for.
            if (At(_oldest) == Mark.Done)
            {
                upTo = _oldest;
                Unsaid--;
            }

            At(_oldest) = Mark.Open;
        }

        Unsaid -= returned.Count;
        if (Unsaid >= batch || (isTime && upTo == 0))
        {
            TakeSingle(single);
        }

        return upTo;
    }

    private void TakeSingle(List<ulong> single)
    {
        for (var each = _oldest; each < _end; each++)
        {
            ref var mark = ref At(each);
            if (mark == Mark.Done)
            {
                mark = Mark.Said;
                single.Add(each);
            }
        }

        Unsaid -= single.Count;
    }

    private void Set(ulong number, Mark mark)
    {
        if (number < _oldest)
        {
            return;
        }

        if (number >= _oldest + (ulong)_marks.Length)
        {
            Grow(number);
        }

        _end = Math.Max(_end, number + 1);
        At(number) = mark;
        Unsaid++;
    }

    private void Grow(ulong number)
    {
        var larger = new Mark[BitOperations.RoundUpToPowerOf2((number - _oldest) + 1)];
        for (var each = _oldest; each < _end; each++)
        {
            larger[each & ((ulong)larger.Length - 1)] = At(each);
        }

        _marks = larger;
    }

    private ref Mark At(ulong number) => ref _marks[number & ((ulong)_marks.Length - 1)];
}
