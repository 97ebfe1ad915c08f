using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keda.Inference.ExternalScaler.Decisions;

/// <summary>A decision as it is kept for inspection.</summary>
internal sealed record DecisionRecord
{
    /// <summary>When, by Redis' clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The policy that decided.</summary>
    public required string Policy { get; init; }

    /// <summary>The replicas it wants.</summary>
    public required int Desired { get; init; }

    /// <summary>Replicas there were.</summary>
    public required int Current { get; init; }

    /// <summary>Of those, the ready ones.</summary>
    public required int Ready { get; init; }

    /// <summary>The lower bound.</summary>
    public required int Min { get; init; }

    /// <summary>The upper bound.</summary>
    public required int Max { get; init; }

    /// <summary>Jobs that waited.</summary>
    public required long Waiting { get; init; }

    /// <summary>Jobs in flight.</summary>
    public required long InFlight { get; init; }

    /// <summary>KEDA's activity.</summary>
    public required bool Active { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The cause in one word.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>The number that the fast lane raised the target to; null for an ordinary decision.</summary>
    public int? RaisedTo { get; init; }

    /// <summary>Inputs and intermediate numbers.</summary>
    public required IReadOnlyDictionary<string, double> Numbers { get; init; }

    /// <summary>Describes an evaluation.</summary>
    public static DecisionRecord Of(Evaluation evaluation, int? raisedTo = null)
    {
        var numbers = new Dictionary<string, double>(evaluation.Decision.Numbers.Count);
        foreach (var number in evaluation.Decision.Numbers)
        {
            if (double.IsFinite(number.Value))
                numbers[number.Name] = number.Value;
        }
        return new DecisionRecord
        {
            At = evaluation.Signals.At,
            Policy = evaluation.Policy,
            Desired = evaluation.Decision.DesiredReplicas,
            Current = evaluation.Scale.CurrentReplicas,
            Ready = evaluation.Scale.ReadyReplicas,
            Min = evaluation.Scale.MinReplicas,
            Max = evaluation.Scale.MaxReplicas,
            Waiting = evaluation.Signals.Waiting,
            InFlight = evaluation.Signals.InFlight,
            Active = evaluation.Decision.Active,
            Reason = evaluation.Decision.Reason,
            ReasonCode = evaluation.Decision.ReasonCode,
            RaisedTo = raisedTo,
            Numbers = numbers,
        };
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, DecisionJson.Default.DecisionRecord);

    /// <summary>Null for a record that cannot be read, such as one of another version.</summary>
    public static DecisionRecord? FromBytes(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, DecisionJson.Default.DecisionRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecisionRecord))]
internal sealed partial class DecisionJson : JsonSerializerContext;
