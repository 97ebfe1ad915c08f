using System.Collections.Concurrent;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Pictures;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>Turns a reply into an outcome. Remembers the first answer to each picture: a later one of another picture is a mix-up.</summary>
internal sealed class AnswerJudge(RunPlan plan)
{
    private readonly ConcurrentDictionary<int, Answer> _first = new();
    private string? _weights;

    /// <summary>The weights that answers named, such as "untrained"; null where none did.</summary>
    public string? Weights => _weights;

    /// <summary>Fills in everything that depends on the reply; times are already set.</summary>
    public void Judge(in Reply reply, ref RequestRecord record)
    {
        record.Status = reply.Status;
        record.ServerMs = record.QueueMs = record.ServiceMs = double.NaN;
        record.Problem = reply.Problem;
        record.Outcome = reply switch
        {
            { IsUnfinished: true } => Outcome.Unfinished,
            { IsTimeout: true } or { Status: 504 or 408 } => Outcome.Timeout,
            { Status: 429 } => Outcome.Rejected,
            { Status: >= 200 and < 300 } => JudgeAnswer(reply.Body, ref record),
            _ => Outcome.Error,
        };
        record.Problem ??= record.Outcome is Outcome.Error or Outcome.Rejected or Outcome.Timeout ? $"status {reply.Status}" : null;
    }

    private Outcome JudgeAnswer(byte[] body, ref RequestRecord record)
    {
        if (Answer.Read(body) is not { } answer)
        {
            record.Problem = "the answer holds no predictions";
            return Outcome.WrongAnswer;
        }

        record.ServerMs = answer.ServerMs;
        record.QueueMs = answer.QueueMs;
        record.ServiceMs = answer.ServiceMs;
        if (answer.Weights is not null)
            _weights = answer.Weights;
        var label = plan.Pictures[record.Picture].Label;
        if (label is not null)
        {
            record.Top1 = PictureLabels.Same(answer.Labels[0], label);
            record.Top5 = answer.Labels.Take(5).Any(predicted => PictureLabels.Same(predicted, label));
        }

        var first = _first.GetOrAdd(record.Picture, answer);
        // Near ties may swap places from batch to batch; a best label that was not even among the first answer's is another picture's.
        if (!first.Labels.Contains(answer.Labels[0]))
        {
            record.Problem = "the answer belongs to another picture";
            return Outcome.WrongAnswer;
        }

        if ((plan.RequiredLabel == RequiredLabel.Top1 && record.Top1 == false) || (plan.RequiredLabel == RequiredLabel.Top5 && record.Top5 == false))
        {
            record.Problem = "the answer lacks the picture's label";
            return Outcome.WrongAnswer;
        }

        return record.LatencySeconds <= plan.Slo.TotalSeconds ? Outcome.OkWithinSlo : Outcome.Late;
    }
}
