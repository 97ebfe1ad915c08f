using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Tests.OpenInference;

public sealed class ProtocolTests(Store store) : IngressTest(store)
{
    private const int ItemFloats = 3 * 224 * 224;

    [Fact]
    public async Task Metadata_OfServerAndModel_IsWhatTheProtocolAsks()
    {
        var host = await StartAsync();
        var name = host.Queue.Name;
        var server = await GetAsync(host, "/v2", HttpStatusCode.OK);
        server.GetProperty("name").GetString().ShouldBe("keda-inference");
        server.GetProperty("extensions")[0].GetString().ShouldBe("binary_tensor_data");
        foreach (var path in new[] { $"/v2/models/{name}", $"/v2/models/{name}/versions/1" })
        {
            var model = await GetAsync(host, path, HttpStatusCode.OK);
            model.GetProperty("name").GetString().ShouldBe(name);
            model.GetProperty("inputs")[1].GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ShouldBe([-1, 3, 224, 224]);
            model.GetProperty("outputs").GetArrayLength().ShouldBe(4);
        }

        (await GetAsync(host, "/v2/health/live", HttpStatusCode.OK)).GetProperty("live").GetBoolean().ShouldBeTrue();
        await EventuallyAsync(async () => (await host.Client.GetAsync("/v2/health/ready", Cancellation)).IsSuccessStatusCode, "readiness");
    }

    [Fact]
    public async Task ModelReady_FollowsTheWorkers()
    {
        var host = await StartAsync();
        var ready = await GetAsync(host, $"/v2/models/{host.Queue.Name}/ready", HttpStatusCode.ServiceUnavailable);
        (ready.GetProperty("name").GetString(), ready.GetProperty("ready").GetBoolean()).ShouldBe((host.Queue.Name, false));
        host.Serve();
        await EventuallyAsync(async () =>
        {
            using var response = await host.Client.GetAsync($"/v2/models/{host.Queue.Name}/ready", Cancellation);
            return response.StatusCode == HttpStatusCode.OK;
        }, "the model is ready");
    }

    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task Infer_PicturesInBase64_AreOneJobEach(StoreKind kind)
    {
        var host = await StartAsync(kind);
        var worker = host.Serve();
        // The order of members must not matter.
        var answer = await InferAsync(host, new
        {
            inputs = new[] { new { data = new[] { Convert.ToBase64String(Jpeg), Convert.ToBase64String(Jpeg) }, datatype = "BYTES", shape = new[] { 2 }, name = "image" } },
            id = "mine",
        });
        answer.GetProperty("id").GetString().ShouldBe("mine");
        answer.GetProperty("model_name").GetString().ShouldBe(host.Queue.Name);
        var outputs = answer.GetProperty("outputs").EnumerateArray().ToDictionary(output => output.GetProperty("name").GetString()!);
        outputs.Keys.ShouldBe(["labels", "classes", "probabilities", "scores"], ignoreOrder: true);
        outputs["labels"].GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ShouldBe([2, 5]);
        outputs["labels"].GetProperty("data")[5].GetString().ShouldBe("label 0");
        outputs["classes"].GetProperty("datatype").GetString().ShouldBe("INT64");
        outputs["probabilities"].GetProperty("data")[0].GetSingle().ShouldBe(0.5f);
        outputs["scores"].GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ShouldBe([2, 1000]);
        worker.Claimed.Count.ShouldBe(2);
        worker.Claimed.ShouldAllBe(job => job.ContentType == "image/jpeg" && job.WantScores && job.Body.ToArray().SequenceEqual(Jpeg));
    }

    [Fact]
    public async Task Infer_NumbersInJson_ArriveAsTensors()
    {
        var host = await StartAsync();
        var worker = host.Serve();
        var numbers = Enumerable.Range(0, 2 * ItemFloats).Select(i => i % 1000 / 8f).ToArray();
        var answer = await InferAsync(host, new
        {
            inputs = new[] { new { name = "input", shape = new[] { 2, 3, 224, 224 }, datatype = "FP32", data = numbers } },
            outputs = new[] { new { name = "labels" } },
        });
        answer.GetProperty("outputs").GetArrayLength().ShouldBe(1);
        answer.TryGetProperty("id", out _).ShouldBeFalse();
        var jobs = worker.Claimed.OrderBy(job => job.Id, StringComparer.Ordinal).ToArray();
        jobs.ShouldAllBe(job => job.ContentType == BodyTypes.Tensor && !job.WantScores);
        jobs.SelectMany(job => MemoryMarshal.Cast<byte, float>(job.Body.Span).ToArray()).SequenceEqual(numbers).ShouldBeTrue();
    }

    [Fact]
    public async Task Infer_BinaryTensorsBothWays_NeedNoJsonNumbers()
    {
        var host = await StartAsync();
        var worker = host.Serve();
        var numbers = Enumerable.Range(0, ItemFloats).Select(i => i / 7f).ToArray();
        var raw = MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
        using var response = await PostBinaryAsync(host, new
        {
            inputs = new[] { new { name = "input", shape = new[] { 1, 3, 224, 224 }, datatype = "FP32", parameters = new { binary_data_size = raw.Length } } },
            parameters = new { binary_data_output = true },
            outputs = new object[] { new { name = "labels" }, new { name = "probabilities" }, new { name = "classes", parameters = new { binary_data = false } } },
        }, raw);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        worker.Claimed.ShouldHaveSingleItem().Body.Span.SequenceEqual(raw).ShouldBeTrue();

        var body = await response.Content.ReadAsByteArrayAsync(Cancellation);
        var length = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
        var outputs = JsonDocument.Parse(body.AsMemory(0, length)).RootElement.GetProperty("outputs");
        var labels = outputs[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
        BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(length)).ShouldBe("label 0".Length);
        Encoding.UTF8.GetString(body.AsSpan(length + 4, 7)).ShouldBe("label 0");
        BinaryPrimitives.ReadSingleLittleEndian(body.AsSpan(length + labels)).ShouldBe(0.5f);
        outputs[1].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().ShouldBe(20);
        (length + labels + 20).ShouldBe(body.Length);
        outputs[2].GetProperty("data")[4].GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task Infer_BinaryPictures_RawOrBase64_AreTaken()
    {
        var host = await StartAsync();
        var worker = host.Serve();
        var raw = Element(Jpeg).Concat(Element(Encoding.ASCII.GetBytes(Convert.ToBase64String(Jpeg)))).ToArray();
        using var response = await PostBinaryAsync(host, new
        {
            inputs = new[] { new { name = "image", shape = new[] { 2 }, datatype = "BYTES", parameters = new { binary_data_size = raw.Length } } },
        }, raw);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        worker.Claimed.Count.ShouldBe(2);
        worker.Claimed.ShouldAllBe(job => job.Body.ToArray().SequenceEqual(Jpeg));
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { "[]", "must be an object" },
        { "{\"inputs\": [", "no JSON" },
        { "{}", "one input, not 0" },
        { "{\"inputs\": 7}", "must be an array" },
        { "{\"id\": 7, \"inputs\": []}", "wrong JSON type" },
        { "{\"inputs\": [{\"name\": \"image\"}]}", "no 'datatype'" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"INT8\", \"shape\": [1], \"data\": [1]}]}", "BYTES (pictures) or FP32" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\"/9j/\"]}]}", "1 elements, but its shape says 2" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"*\"]}]}", "not valid base64" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [5]}]}", "must be a string" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1]}]}", "neither 'data' nor" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [33], \"data\": []}]}", "at most 32 items" },
        { "{\"inputs\": [{\"name\": \"input\", \"datatype\": \"FP32\", \"shape\": [1, 3, 10, 10], \"data\": []}]}", "must have [n, 3, 224, 224]" },
        { "{\"inputs\": [{\"name\": \"input\", \"datatype\": \"FP32\", \"shape\": [1, 3, 224, 224], \"data\": [1, 2]}]}", "needs 150528 numbers" },
        { "{\"inputs\": [{\"name\": \"input\", \"datatype\": \"FP32\", \"shape\": [1, 3, 224, 224], \"data\": [1e99]}]}", "32-bit floating point" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"x\"]}], \"outputs\": [{\"name\": \"nonsense\"}]}", "labels, classes" },
        { "{\"inputs\": [], \"outputs\": [{\"name\": \"scores\"}, {\"name\": \"labels\"}, {\"name\": \"scores\"}]}", "'scores' is asked for twice" },
        { "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\": {\"binary_data_size\": 9}}]}", "'binary_data_size' is 9" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task Infer_Unusable_SaysWhyInTheProtocolsForm(string body, string why)
    {
        var host = await Store.RefusingHostAsync();
        using var response = await host.Client.PostAsync(
            $"/v2/models/{host.Queue.Name}/infer", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = await JsonAsync(response);
        error.EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("error");
        error.GetProperty("error").GetString()!.ShouldContain(why);
        (await host.Queue.GetSignalsAsync(Cancellation)).Arrivals.ShouldBe(0);
    }

    [Fact]
    public async Task Infer_NoRoomForTheWholeBatch_TakesTheRestBackAndExpectsNothing()
    {
        var host = await StartAsync(settings: "Queue:MaxDepth=1");
        var pictures = Enumerable.Repeat(Convert.ToBase64String(Jpeg), 3).ToArray();

        using var response = await PostAsync(host, new { inputs = new[] { new { name = "image", datatype = "BYTES", shape = new[] { 3 }, data = pictures } } });

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await host.Queue.GetSignalsAsync(Cancellation)).Waiting.ShouldBe(0);
        ((RedisWorkQueue)host.Queue).Expected.ShouldBe(0);
    }

    [Fact]
    public async Task Infer_OneItemRejected_FailsTheRequestAndTakesTheRestBack()
    {
        var host = await StartAsync();
        host.Serve(FakeWorker.RejectAsync, claims: 1);
        var pictures = Enumerable.Repeat(Convert.ToBase64String(Jpeg), 3).ToArray();
        using var response = await PostAsync(host, new { inputs = new[] { new { name = "image", datatype = "BYTES", shape = new[] { 3 }, data = pictures } } });
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await JsonAsync(response)).GetProperty("error").GetString()!.ShouldContain("cannot be decoded");
        await EventuallyAsync(async () => await host.Queue.GetSignalsAsync(Cancellation) is { Waiting: 0, InFlight: 0 }, "nothing is left");
    }

    [Theory]
    [InlineData("/v2/models/other")]
    [InlineData("/v2/models/other/ready")]
    [InlineData("/v2/nothing")]
    public async Task Address_Unknown_IsNotFoundInTheProtocolsForm(string path)
    {
        var host = await Store.RefusingHostAsync();
        (await GetAsync(host, path, HttpStatusCode.NotFound)).GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
    }

    private static byte[] Element(byte[] bytes) => [.. BitConverter.GetBytes(bytes.Length), .. bytes];

    private static async Task<JsonElement> GetAsync(IngressHost host, string path, HttpStatusCode status)
    {
        using var response = await host.Client.GetAsync(path, Cancellation);
        response.StatusCode.ShouldBe(status, await response.Content.ReadAsStringAsync(Cancellation));
        return await JsonAsync(response);
    }

    private static Task<HttpResponseMessage> PostAsync(IngressHost host, object request) => host.Client.PostAsync(
        $"/v2/models/{host.Queue.Name}/infer", new StringContent(JsonSerializer.Serialize(request), Encoding.UTF8, "application/json"), Cancellation);

    private static async Task<JsonElement> InferAsync(IngressHost host, object request)
    {
        using var response = await PostAsync(host, request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        return await JsonAsync(response);
    }

    private static Task<HttpResponseMessage> PostBinaryAsync(IngressHost host, object request, byte[] raw)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request);
        var content = new ByteArrayContent([.. json, .. raw]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", $"{json.Length}");
        return host.Client.PostAsync($"/v2/models/{host.Queue.Name}/versions/1/infer", content, Cancellation);
    }
}
