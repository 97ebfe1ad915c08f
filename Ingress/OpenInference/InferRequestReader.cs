using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary>Reads inference requests: JSON, or JSON followed by raw tensors (the binary data extension), which stay where they are.</summary>
internal sealed class InferRequestReader(BodyReader bodies, BodyBudget budget, IOptions<IngressOptions> options)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";
    private static readonly long[] s_itemShape = [.. InferRequest.ItemShape];
    private readonly int _maxItems = options.Value.MaxBatchItems;

    public async ValueTask<InferRequest> ReadAsync(HttpContext http)
    {
        var jsonLength = http.Request.Headers[JsonLengthHeader].ToString();
        var body = await bodies.ReadAsync(http, null);
        PooledBody? converted = null;
        try
        {
            return Read(body, JsonPart(jsonLength, body.Length), ref converted);
        }
        catch
        {
            body.Dispose();
            converted?.Dispose();
            throw;
        }
    }

    private InferRequest Read(PooledBody body, int jsonLength, ref PooledBody? converted)
    {
        var envelope = InferEnvelope.Parse(body.Span[..jsonLength]);
        if (envelope.Inputs.Count != 1)
            throw InferEnvelope.Bad($"The model takes one input, not {envelope.Inputs.Count}: '{InferRequest.PictureInput}' or '{InferRequest.TensorInput}'.");
        var input = envelope.Inputs[0];
        var binary = BinaryPart(input, jsonLength, body.Length);
        var items = (input.Datatype, binary) switch
        {
            ("FP32", { } raw) => Tensors(input, raw),
            ("FP32", null) => ConvertTensors(body.Span, input, converted = new(budget)),
            ("BYTES", { } raw) => RawPictures(body.Span, input, raw),
            ("BYTES", null) => Base64Pictures(body.Span, input),
            _ => throw InferEnvelope.Bad($"The input '{input.Name}' is {input.Datatype}, but must be BYTES (pictures) or FP32 (tensors)."),
        };
        return new(body, converted) { Id = envelope.Id, Items = items, Outputs = envelope.Outputs };
    }

    private static int JsonPart(string header, int length)
    {
        if (header.Length == 0)
            return length;
        return int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var json) && json <= length
            ? json
            : throw new ProblemException(ProblemKind.InvalidHeader, $"{JsonLengthHeader} must be a number of bytes, at most the body's {length}.");
    }

    private static Range? BinaryPart(InputTensor input, int jsonLength, int length)
    {
        if (input.BinarySize is not { } size)
        {
            return length == jsonLength
                ? null
                : throw InferEnvelope.Bad($"{length - jsonLength} bytes follow the JSON part, but no input has 'binary_data_size'.");
        }

        if (input.Data is not null)
            throw InferEnvelope.Bad($"The input '{input.Name}' has both 'data' and 'binary_data_size'.");
        return size == length - jsonLength
            ? jsonLength..length
            : throw InferEnvelope.Bad($"'binary_data_size' is {size}, but {length - jsonLength} bytes follow the JSON part.");
    }

    /// <summary>The first dimension, checked against the others and the limit.</summary>
    private int CountItems(InputTensor input, ReadOnlySpan<long> itemShape)
    {
        var shape = input.Shape.ToArray();
        if (shape.Length == 0 || !shape.AsSpan(1).SequenceEqual(itemShape) || shape[0] < 1)
        {
            var right = string.Join(", ", itemShape.ToArray().Select(dimension => $"{dimension}").Prepend("n"));
            throw InferEnvelope.Bad($"The input '{input.Name}' has the shape [{string.Join(", ", shape.Take(8))}], but must have [{right}].");
        }

        return shape[0] <= _maxItems ? (int)shape[0] : throw InferEnvelope.Bad($"A request may have at most {_maxItems} items.");
    }

    private int CountTensors(InputTensor input) => CountItems(input, s_itemShape);

    private List<InferItem> Tensors(InputTensor input, Range raw)
    {
        var count = CountTensors(input);
        var start = raw.Start.Value;
        if (raw.End.Value - start != count * InferRequest.ItemBytes)
            throw WrongLength(input, count, raw.End.Value - start);
        return [.. Enumerable.Range(0, count).Select(i => Item(start, i, converted: false))];
    }

    private List<InferItem> ConvertTensors(ReadOnlySpan<byte> body, InputTensor input, PooledBody converted)
    {
        var count = CountTensors(input);
        var floats = MemoryMarshal.Cast<byte, float>(converted.Reserve(count * InferRequest.ItemBytes));
        var position = 0;
        var reader = new Utf8JsonReader(body[Data(input)]);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out var value) || !float.IsFinite(value))
                throw InferEnvelope.Bad($"'data' of the input '{input.Name}' must hold numbers of 32-bit floating point only.");
            if (position == floats.Length)
                throw WrongLength(input, count, null);
            floats[position++] = value;
        }

        if (position != floats.Length)
            throw WrongLength(input, count, position * sizeof(float));
        return [.. Enumerable.Range(0, count).Select(i => Item(0, i, converted: true))];
    }

    private List<InferItem> Base64Pictures(Span<byte> body, InputTensor input)
    {
        var count = CountItems(input, []);
        var texts = new List<Range>(count);
        var data = Data(input);
        var reader = new Utf8JsonReader(body[data]);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            var text = Base64Text.Locate(ref reader, "data");
            texts.Add((text.Start.Value + data.Start.Value)..(text.End.Value + data.Start.Value));
        }

        if (texts.Count != count)
            throw InferEnvelope.Bad($"The input '{input.Name}' has {texts.Count} elements, but its shape says {count}.");
        var items = new List<InferItem>(count);
        foreach (var text in texts)
            items.Add(PictureAt(body, Base64Text.DecodeInPlace(body, text, "data")));
        return items;
    }

    /// <summary>Each element has its length before it, as 32-bit little-endian; it is a picture, or one in base64.</summary>
    private List<InferItem> RawPictures(Span<byte> body, InputTensor input, Range raw)
    {
        var count = CountItems(input, []);
        var items = new List<InferItem>(count);
        var position = raw.Start.Value;
        while (position < raw.End.Value)
        {
            var rest = body[position..];
            if (rest.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(rest) is var length && length > rest.Length - 4)
                throw InferEnvelope.Bad($"Element {items.Count} of the input '{input.Name}' is longer than the body.");
            var element = (position + 4)..(position + 4 + (int)length);
            if (items.Count == count)
                throw InferEnvelope.Bad($"The input '{input.Name}' has more elements than the {count} its shape says.");
            items.Add(PictureSniffer.Sniff(body[element]) is { } type
                ? new(element, false, type)
                : PictureAt(body, Base64Text.DecodeInPlace(body, element, "data")));
            position = element.End.Value;
        }

        return items.Count == count
            ? items
            : throw InferEnvelope.Bad($"The input '{input.Name}' has {items.Count} elements, but its shape says {count}.");
    }

    private static InferItem PictureAt(ReadOnlySpan<byte> body, Range range) => new(range, false, PictureSniffer.SniffOrThrow(body[range]));

    private static InferItem Item(int start, int index, bool converted)
    {
        var first = start + index * InferRequest.ItemBytes;
        return new(first..(first + InferRequest.ItemBytes), converted, BodyTypes.Tensor);
    }

    private static Range Data(InputTensor input) =>
        input.Data ?? throw InferEnvelope.Bad($"The input '{input.Name}' has neither 'data' nor 'binary_data_size'.");

    private static ProblemException WrongLength(InputTensor input, int count, int? bytes) => InferEnvelope.Bad(
        $"The input '{input.Name}' needs {count * InferRequest.ItemBytes / sizeof(float)} numbers for its shape, "
        + (bytes is { } b ? $"not {b / sizeof(float)}." : "not more."));
}
