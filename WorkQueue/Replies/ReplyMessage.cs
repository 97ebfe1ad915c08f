using System.Buffers.Text;
using System.Text;

namespace Keda.Inference.WorkQueue;

/// <summary>The message by which a script tells a waiting process of a job's end: id, state and attempts, each on a line, then the payload
/// or the error's code and message.</summary>
internal static class ReplyMessage
{
    public static bool TryParse(ReadOnlyMemory<byte> message, out string jobId, out JobOutcome outcome)
    {
        jobId = "";
        outcome = null!;
        var rest = message;
        if (!TryLine(ref rest, out var id) || !TryLine(ref rest, out var stateName) || !TryLine(ref rest, out var attemptsText)
            || !Utf8Parser.TryParse(attemptsText.Span, out int attempts, out _))
            return false;
        var state = Reply.State(Encoding.ASCII.GetString(stateName.Span));
        if (state is JobState.Unknown or JobState.Waiting or JobState.Running)
            return false;
        jobId = Encoding.ASCII.GetString(id.Span);
        if (state == JobState.Succeeded)
        {
            outcome = new JobOutcome(state, rest, null, attempts);
            return true;
        }

        if (!TryLine(ref rest, out var code))
            return false;
        outcome = new JobOutcome(
            state, default, new JobError(Encoding.UTF8.GetString(code.Span), Encoding.UTF8.GetString(rest.Span)), attempts);
        return true;
    }

    private static bool TryLine(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> line)
    {
        var end = rest.Span.IndexOf((byte)'\n');
        line = end < 0 ? default : rest[..end];
        if (end >= 0)
            rest = rest[(end + 1)..];
        return end >= 0;
    }
}
