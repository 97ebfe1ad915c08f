using System.Net;
using System.Text;

namespace Keda.Inference.Ingress.Tests.Submission;

/// <summary>Bodies that can lead to nothing, each with its documented error.</summary>
public sealed class RefusalTests(Store store) : IngressTest(store)
{
    public static TheoryData<string, string, string, int, string> Bodies => new()
    {
        { "empty", "image/jpeg", "", 400, "empty-body" },
        { "no content type", "", "abc", 415, "unsupported-media-type" },
        { "text", "text/plain", "hello, I am a text", 415, "unsupported-media-type" },
        { "form encoding of curl -d", "application/x-www-form-urlencoded", "a=b", 415, "unsupported-media-type" },
        { "text called a picture", "image/png", "hello, I am a text", 415, "not-a-picture" },
        { "two bytes called a picture", "image/png", "ab", 415, "not-a-picture" },
        { "form without boundary", "multipart/form-data", "x", 400, "bad-request" },
        { "form that never ends", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nabc", 400, "bad-request" },
        { "form without the field", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc\r\n--b--\r\n", 400, "missing-image" },
        { "form with text as picture", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.txt\"\r\n\r\nabcdefghijklmnop\r\n--b--\r\n", 415, "not-a-picture" },
        { "form with empty picture", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n\r\n--b--\r\n", 400, "empty-body" },
        { "broken JSON", "application/json", "{\"image\": ", 400, "bad-request" },
        { "JSON array", "application/json", "[]", 400, "bad-request" },
        { "JSON without picture", "application/json", "{}", 400, "missing-image" },
        { "JSON with a number", "application/json", "{\"image\": 7}", 400, "bad-request" },
        { "JSON with half a character", "application/json", "{\"callback\": \"\\ud800\", \"image\": \"\"}", 400, "bad-request" },
        { "JSON without base64", "application/json", "{\"image\": \"***\"}", 400, "bad-request" },
        { "JSON with text as picture", "application/json", "{\"image\": \"aGVsbG8sIHdvcmxkLCBoZWxsbw==\"}", 415, "not-a-picture" },
    };

    [Fact]
    public async Task Body_Absent_IsSaidSoReadably()
    {
        var host = await Store.RefusingHostAsync();
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync("POST /predict HTTP/1.1\r\nHost: x\r\n\r\n");
        var (status, text) = await connection.ReadAnswerAsync();
        status.ShouldBe(400);
        text.ShouldContain("problem:empty-body");
        text.ShouldContain("the field 'image'");
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_Unusable_GetsItsError(string what, string type, string body, int status, string slug)
    {
        var host = await Store.RefusingHostAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (type.Length > 0)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await host.Client.SendAsync(request, Cancellation);
        await ShouldBeProblemAsync(response, (HttpStatusCode)status, slug);
        (await host.Queue.GetSignalsAsync(Cancellation)).Arrivals.ShouldBe(0, what);
    }
}
