using System.Text;
using Keda.Inference.Ingress.Submission;
using Microsoft.Net.Http.Headers;

namespace Keda.Inference.Ingress.Tests.Submission;

public sealed class MultipartFormTests
{
    [Theory]
    [InlineData(1_000, false)]
    [InlineData(200_000, true)] // or each of ten thousand small reads would look through all before it
    public void LookEarly_NoPictureSoFar_StopsLookingAfterAWhile(int bytes, bool enough)
    {
        var form = MultipartForm.Of(MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b"));
        var soFar = Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n" + new string('x', bytes));

        form.LookEarly(soFar).ShouldBe(enough);
    }
}
