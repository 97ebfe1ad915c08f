using System.Text.Json;
using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary>The JSON part of an inference request, tensor data left where it stands.</summary>
internal sealed class InferEnvelope
{
    public string? Id { get; private set; }

    public List<InputTensor> Inputs { get; } = [];

    public List<RequestedOutput> Outputs { get; } = [];

    public static InferEnvelope Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var envelope = new InferEnvelope();
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            envelope.Read(ref reader);
            return envelope;
        }
        catch (JsonException exception)
        {
            throw Bad($"The request is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} is unexpected.");
        }
        catch (InvalidOperationException)
        {
            throw Bad("A member of the request has the wrong JSON type.");
        }
    }

    public static ProblemException Bad(string why) => new(ProblemKind.BadRequest, why);

    private void Read(ref Utf8JsonReader reader)
    {
        var binaryByDefault = false;
        var named = new List<(string Name, bool? Binary)>();
        Expect(ref reader, JsonTokenType.StartObject, "The request must be an object with 'inputs'.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "id":
                    Id = reader.GetString();
                    break;
                case "inputs":
                    ReadInputs(ref reader);
                    break;
                case "outputs":
                    ReadOutputs(ref reader, named);
                    break;
                case "parameters":
                    binaryByDefault = ReadParameters(ref reader, "binary_data_output") is 1;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        while (reader.Read())
        {
        }

        if (named.Count == 0)
            named.AddRange(OutputNames.All.Select(name => (name, (bool?)null)));
        Outputs.AddRange(named.Select(output => new RequestedOutput(output.Name, output.Binary ?? binaryByDefault)));
    }

    private void ReadInputs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Bad("'inputs' must be an array.");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            Inputs.Add(ReadInput(ref reader));
    }

    private static InputTensor ReadInput(ref Utf8JsonReader reader)
    {
        string? name = null, datatype = null;
        var shape = new List<long>();
        Range? data = null;
        long? binarySize = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "name":
                    name = reader.GetString();
                    break;
                case "datatype":
                    datatype = reader.GetString();
                    break;
                case "shape":
                    while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                        shape.Add(reader.TryGetInt64(out var dimension) ? dimension : throw Bad("A dimension of 'shape' is no integer."));
                    break;
                case "data":
                    var start = checked((int)reader.TokenStartIndex);
                    reader.Skip();
                    data = start..checked((int)reader.BytesConsumed);
                    break;
                case "parameters":
                    binarySize = ReadParameters(ref reader, "binary_data_size");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new(name ?? throw Bad("An input has no 'name'."), datatype ?? throw Bad($"The input '{name}' has no 'datatype'."), shape, data, binarySize);
    }

    private static void ReadOutputs(ref Utf8JsonReader reader, List<(string, bool?)> outputs)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Bad("'outputs' must be an array.");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? name = null;
            bool? binary = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = reader.GetString();
                reader.Read();
                if (member == "name")
                    name = reader.GetString();
                else if (member == "parameters")
                    binary = ReadParameters(ref reader, "binary_data") is { } value ? value == 1 : null;
                else
                    reader.Skip();
            }

            if (name is null || !OutputNames.All.Contains(name))
                throw Bad($"There is no output of that name; the outputs are: {string.Join(", ", OutputNames.All)}.");
            if (outputs.Exists(output => output.Item1 == name))
                throw Bad($"The output '{name}' is asked for twice.");
            outputs.Add((name, binary));
        }
    }

    /// <summary>One number or truth value (as 0 or 1) of a parameters object; the others mean nothing here.</summary>
    private static long? ReadParameters(ref Utf8JsonReader reader, string wanted)
    {
        long? value = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad("'parameters' must be an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var matches = reader.ValueTextEquals(wanted);
            reader.Read();
            if (!matches)
            {
                reader.Skip();
                continue;
            }

            value = reader.TokenType switch
            {
                JsonTokenType.True => 1,
                JsonTokenType.False => 0,
                JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
                _ => throw Bad($"The parameter '{wanted}' has the wrong type."),
            };
        }

        return value;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string otherwise)
    {
        if (!reader.Read() || reader.TokenType != token)
            throw Bad(otherwise);
    }
}

/// <summary>An input as it was sent.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Its type.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Data">Where its JSON data is, if it has any.</param>
/// <param name="BinarySize">How many bytes after the JSON part are its data, if they are there.</param>
internal sealed record InputTensor(string Name, string Datatype, IReadOnlyList<long> Shape, Range? Data, long? BinarySize);
