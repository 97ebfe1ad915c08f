using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary>Writes the answer: JSON, and after it the outputs that were asked for as binary data.</summary>
internal sealed class InferResponse(string model, InferRequest request, IReadOnlyList<InferenceResult> results) : IResult
{
    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private readonly ArrayBufferWriter<byte> _binary = new();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        Write();
        var response = httpContext.Response;
        var anyBinary = _binary.WrittenCount > 0;
        response.ContentType = anyBinary ? "application/octet-stream" : "application/json";
        if (anyBinary)
            response.Headers[InferRequestReader.JsonLengthHeader] = _json.WrittenCount.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = _json.WrittenCount + _binary.WrittenCount;
        await response.Body.WriteAsync(_json.WrittenMemory, httpContext.RequestAborted);
        if (anyBinary)
            await response.Body.WriteAsync(_binary.WrittenMemory, httpContext.RequestAborted);
    }

    private void Write()
    {
        using var json = new Utf8JsonWriter(_json, new JsonWriterOptions { Encoder = ReadableJson.Encoder });
        json.WriteStartObject();
        json.WriteString("model_name", model);
        json.WriteString("model_version", ModelMetadata.OnlyVersion);
        if (request.Id is { } id)
            json.WriteString("id", id);
        json.WriteStartObject("parameters");
        json.WriteString("weights", results[0].Model.Weights);
        json.WriteString("precision", results[0].Model.Precision);
        json.WriteEndObject();
        json.WriteStartArray("outputs");
        foreach (var output in request.Outputs)
            WriteOutput(json, output);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteOutput(Utf8JsonWriter json, RequestedOutput output)
    {
        var (datatype, values) = output.Name switch
        {
            OutputNames.Labels => ("BYTES", results.Select(result => result.Predictions.Select(one => (object)one.Label).ToArray())),
            OutputNames.Classes => ("INT64", results.Select(result => result.Predictions.Select(one => (object)(long)one.Class).ToArray())),
            OutputNames.Probabilities => ("FP32", results.Select(result => result.Predictions.Select(one => (object)(float)one.Probability).ToArray())),
            _ => ("FP32", results.Select(result => (result.Scores ?? throw NoScores()).Select(one => (object)one).ToArray())),
        };
        var rows = values.ToArray();
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("datatype", datatype);
        json.WriteStartArray("shape");
        json.WriteNumberValue(rows.Length);
        json.WriteNumberValue(rows[0].Length);
        json.WriteEndArray();
        if (output.Binary)
        {
            var before = _binary.WrittenCount;
            foreach (var value in rows.SelectMany(row => row))
                WriteBinary(value);
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", _binary.WrittenCount - before);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data");
            foreach (var value in rows.SelectMany(row => row))
                WriteJson(json, value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case float number:
                json.WriteNumberValue(number);
                break;
        }
    }

    private void WriteBinary(object value)
    {
        switch (value)
        {
            case string text:
                BinaryPrimitives.WriteInt32LittleEndian(_binary.GetSpan(4), Encoding.UTF8.GetByteCount(text));
                _binary.Advance(4);
                _binary.Write(Encoding.UTF8.GetBytes(text));
                break;
            case long number:
                BinaryPrimitives.WriteInt64LittleEndian(_binary.GetSpan(8), number);
                _binary.Advance(8);
                break;
            case float number:
                BinaryPrimitives.WriteSingleLittleEndian(_binary.GetSpan(4), number);
                _binary.Advance(4);
                break;
        }
    }

    private static ProblemException NoScores() =>
        new(ProblemKind.InferenceFailed, "The worker's answer has no scores; name other outputs, or bring the worker up to date.");
}
